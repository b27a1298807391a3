"""Processes: what comes next, and whom it awaits. The only package that knows viewflow."""
