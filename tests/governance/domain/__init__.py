"""Tests of the rules of governance. They need no database and no settings."""
