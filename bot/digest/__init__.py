"""The leaders' weekly digest: its facts, its words and its picture."""
