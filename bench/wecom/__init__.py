"""`make bench-wecom`: the connector's figures."""
