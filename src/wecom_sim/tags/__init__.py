"""Corp tags."""
