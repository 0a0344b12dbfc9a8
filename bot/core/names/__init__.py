"""Whose name is meant: firms and colleagues as people write them."""
