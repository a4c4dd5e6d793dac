"""Inheritance: customers of one member are handed to another."""
