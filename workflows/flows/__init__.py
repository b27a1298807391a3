"""The processes, one regulation per module. Names of modules, classes and nodes are stored data."""
