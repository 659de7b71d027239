"""What is stored made findable: passages, vectors, and the two indexes kept equal to the database."""
