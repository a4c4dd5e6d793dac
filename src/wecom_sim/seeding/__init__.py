"""A company with staff and customers, made from a seed."""
