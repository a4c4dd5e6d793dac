"""The only code that knows every domain: API, worker, all-in-one process, command line."""
