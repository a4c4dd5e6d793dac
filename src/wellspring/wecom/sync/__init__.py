"""The full sync: departments, users, follow users, tags, customers, handed to whoever keeps them."""
