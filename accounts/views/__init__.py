"""Pages about people, and the ways in."""
