"""Pages of a negotiation. They load what a person may see, show it, and hand forms to acts."""
