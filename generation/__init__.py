"""From passages to words: answers whose every sentence is tied to a source. Knows nothing of feeds or indexes."""
