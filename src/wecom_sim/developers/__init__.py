"""A page that shows calls and callbacks as they come."""
