"""The terminal chat: a conversation at a prompt, or over a pipe. Knows the flows only through `ports`."""
