"""The secretary's desk: who sits at which table, on which paper, and what meets when."""
