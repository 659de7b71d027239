"""The line to Telegram: what is received and sent, how fast, and what became of it."""
