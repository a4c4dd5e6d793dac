"""The product album."""
