"""Requirement versions: approval, entry into force, applications."""
