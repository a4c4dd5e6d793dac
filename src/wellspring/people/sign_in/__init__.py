"""Signing in by WeCom: which members may come in, as what, and with whose customers in sight."""
