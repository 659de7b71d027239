"""The commands of `tidings`, thin: options in, a flow run, lines or JSON out."""
