"""Trouble on the wire, on demand."""
