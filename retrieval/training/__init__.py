"""Fitting models to an instance's own news and questions. Offline: nothing that answers or gathers imports it."""
