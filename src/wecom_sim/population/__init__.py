"""Customers who live by the simulated clock: they open, buy, answer, bring friends, lose patience. README.md has the
formulas, which are the known truth."""
