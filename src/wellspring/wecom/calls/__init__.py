"""WeCom's calls, by noun: typed requests and answers, limits checked before the call."""
