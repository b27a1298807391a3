"""Forms of the secretary's desk: organisations, bodies, mandates, charters, meetings."""
