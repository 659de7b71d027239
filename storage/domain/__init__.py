"""Frozen values shared by every room. Standard library only: no I/O, no clock, no framework."""
