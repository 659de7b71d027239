"""How people word what they wish for: hours, days, places, and all else that settings of digests are about."""
