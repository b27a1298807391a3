"""Rules of licensing: pure functions over frozen values. No Django, clock, randomness or I/O."""
