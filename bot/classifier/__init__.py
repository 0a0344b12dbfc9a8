"""Keeps the models and the names in use, and brings them up to date."""
