"""HTTP helpers of the session archive."""
