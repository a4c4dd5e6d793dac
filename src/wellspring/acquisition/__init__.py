"""Where customers come from: channels, live codes, welcome messages."""
