"""微信客服: accounts, servicers, sessions, messages."""
