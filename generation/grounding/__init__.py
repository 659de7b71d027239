"""What a model writes, held against the passages."""
