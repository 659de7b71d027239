"""What an update means: from Telegram's JSON to an event."""
