"""Who is in a segment, kept up to date: refreshed, with everybody who entered and left."""
