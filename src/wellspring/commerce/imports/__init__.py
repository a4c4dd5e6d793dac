"""Files of order lines on their way in: reading, mapping, taking, reporting."""
