"""The home page: figures, stores, next steps."""
