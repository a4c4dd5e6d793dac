"""Orders and refunds: taken in by API, listed, shown, exported."""
