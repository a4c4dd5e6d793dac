"""Wellspring (活水): the private-domain platform for WeCom."""

__version__ = "0.1.0"
