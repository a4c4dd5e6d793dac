"""Broadcasts, their tasks for staff, and the touch ledger."""
