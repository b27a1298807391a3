"""Desks of the ministry, and time that the tests choose."""

from tests.licensing.stage import committed, desk, licensing_stage, on_desks, submitted

__all__ = ["committed", "desk", "licensing_stage", "on_desks", "submitted"]
