"""Panels: messages whose buttons lead through questions, edited in place as these are answered.

A button says how something is to be, and not that it is to change, so that a second tap changes nothing. It names no
reader and nothing of theirs: what a panel shows is read anew with every tap, and what a tap changes takes effect with
it.
"""
