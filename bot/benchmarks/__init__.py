"""Speed and memory, measured beside a peer in the same run. Nothing at run time imports this."""
