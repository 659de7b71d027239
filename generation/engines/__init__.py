"""The engines: each writes answers from hits, and from nothing else."""
