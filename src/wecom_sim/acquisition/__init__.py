"""获客助手: links that bring customers, and the quota they use up."""
