"""Mass messages: created by API, sent only when a member confirms."""
