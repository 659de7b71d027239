"""What readers care about, learned from what they do, and news ranked by it. No I/O here, and nothing but numpy."""
