"""Who: a typed tree, compiled to SQL for all customers and evaluated in Python for one."""
