"""Customer groups: chats with customers in them, join ways, group welcomes, statistics."""
