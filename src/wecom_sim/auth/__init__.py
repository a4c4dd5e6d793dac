"""Access tokens, call frequency, trusted addresses."""
