"""Messages of an app to members, and how members answer them."""
