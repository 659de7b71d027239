"""Measuring what this package does, by the published definitions."""
