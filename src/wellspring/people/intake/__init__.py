"""What WeCom says, written down: sync batches and callbacks."""
