"""Choose between options: the second kind of charter, with a file for each family of methods.

`charter` reads the charter, `poll` what was handed in, `choose` counts and `outcome` explains. The
methods know neither names nor charters: they see candidates as numbers and write every stage down.
"""
