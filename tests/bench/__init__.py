"""Benchmarks: each module has run(), which gives rows for the table."""
