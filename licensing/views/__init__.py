"""Pages on which a negotiated text becomes binding."""
