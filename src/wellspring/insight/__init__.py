"""What is the case: the figures of the home page, uplift with its interval."""
