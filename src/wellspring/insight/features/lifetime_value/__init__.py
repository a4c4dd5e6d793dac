"""Lifetime value by BG/NBD and Gamma-Gamma, fitted on the shop's own orders. README.md says how."""
