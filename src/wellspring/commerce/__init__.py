"""Products, orders, refunds, and the importers that bring them in."""
