"""`tidings evaluate …`: the evaluations, run on what an instance runs on, as the command line prints them."""
