"""What every process stands on: the lock, the nodes, the definition, the dispatch of acts."""
