"""The whole state kept under a name, and brought back."""
