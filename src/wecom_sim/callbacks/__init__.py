"""Events pushed to the company's callback URL."""
