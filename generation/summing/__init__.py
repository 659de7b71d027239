"""Which clauses of a document sum it up."""
