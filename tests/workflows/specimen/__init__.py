"""A process that exists to be tested: every kind of stock node, and one that fails."""
