"""Django's PostgreSQL back end, with an application role and a server that starts itself."""
