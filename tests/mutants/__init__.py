"""Change the rules a little, one place at a time, and see whether a test notices.

A mutant that no test kills is either a change without a meaning or a line that no test holds.
`make mutants` lists those for which nobody has said which of the two they are; `listed.toml` holds
the others, with the reason.
"""
