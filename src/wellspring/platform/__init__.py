"""What every domain stands on: database, jobs, warehouse, sign-in, audit, clock. Imports no domain."""
