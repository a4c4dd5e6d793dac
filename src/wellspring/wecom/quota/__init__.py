"""The quota budget: how many calls all processes together may make, and who goes first."""
