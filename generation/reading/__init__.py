"""What a text or a question says, by its words and their shapes."""
