"""WeCom: typed client, access tokens, callback crypto and inbox, outbox, sync."""
