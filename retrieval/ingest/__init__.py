"""From sources to articles: fetching, parsing, extracting, recognising copies."""
