"""Articles into stories: which of them tell of the same event."""
