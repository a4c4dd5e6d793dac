"""What people do in their clients: customers and members."""
