"""Customer groups: what WeCom shows of them, their members, lists and pages."""
