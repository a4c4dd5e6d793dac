"""The list of customers, its export, the page of one."""
