"""The operators' side: who may use the bot and how much, what all are told, what went wrong."""
