"""A faithful WeCom simulator: speaks WeCom's wire, useful alone. Imports nothing of wellspring."""

__version__ = "0.1.0"
