"""From articles to stories: which event each tells of, and how hot that is."""
