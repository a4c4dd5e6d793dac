"""Calls that change the world: written down, made, recorded; asked about when a crash fell between."""
