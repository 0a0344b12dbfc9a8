"""Pictures, voices and files."""
