"""Welcome codes and messages."""
