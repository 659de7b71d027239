"""From feeds to ranked news: gathering, indexing, searching. Knows nothing of words or of the conversation."""
