"""The whole product on a simulated brand: `wellspring demo` leaves it running, `wellspring story` checks it.

Both drive the product from outside, through its HTTP API and the simulator's, as their users would.
"""
