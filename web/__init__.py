"""Pages that cross apps, the design system and the public register."""
