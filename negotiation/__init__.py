"""Matters, clause documents, rounds, positions, amendments and disagreements."""
