"""Features: what is computed about each customer. README.md has the definitions."""
