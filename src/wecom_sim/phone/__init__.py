"""The phones: pages for a customer and for a member."""
