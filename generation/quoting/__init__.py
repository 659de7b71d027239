"""Which sentences of the sources answer, and whether any does."""
