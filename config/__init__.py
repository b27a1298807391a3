"""Settings, addresses, the embedded PostgreSQL and system checks."""
