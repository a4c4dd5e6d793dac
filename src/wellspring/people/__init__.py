"""Organisation and customers: departments, stores, staff; identities, relationships, tags, timeline."""
