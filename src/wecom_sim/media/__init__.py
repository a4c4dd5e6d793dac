"""Temporary media and permanent pictures."""
