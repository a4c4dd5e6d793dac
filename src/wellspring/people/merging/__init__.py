"""One person under two rows: found, merged, undone."""
