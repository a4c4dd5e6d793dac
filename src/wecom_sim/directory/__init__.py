"""Departments and staff of the company."""
