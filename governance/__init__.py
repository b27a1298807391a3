"""Bodies, seats, mandates, charters, meetings, ballots, decisions and protocols."""
