"""Strategies (规则组) of customer contact and moments, and their tags: for the system secret only."""
