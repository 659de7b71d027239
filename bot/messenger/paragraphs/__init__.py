"""What the bot says, as paragraphs and Telegram's HTML. Pure."""
