"""The demonstration: a negotiation played act by act through the public services."""
