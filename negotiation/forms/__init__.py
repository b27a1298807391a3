"""What people type into the pages of a negotiation. Forms check words; acts decide."""
