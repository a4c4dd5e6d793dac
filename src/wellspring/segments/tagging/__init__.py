"""A tag on everybody of a segment: previewed, then done in the background."""
