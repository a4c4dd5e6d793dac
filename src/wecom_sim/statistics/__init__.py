"""What members did with customers, in numbers."""
