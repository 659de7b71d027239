"""The conversation: the command line, the terminal and Telegram, and the flows that join the other packages."""
