"""The control API: what tests and phones use; not part of WeCom."""
