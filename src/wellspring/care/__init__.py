"""The attention budget: which touch may go out, and why not."""
