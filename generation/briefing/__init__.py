"""What a brief is made of: the stories of a topic, and the lines that can be quoted of one."""
