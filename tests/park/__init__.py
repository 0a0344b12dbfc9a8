"""The rules an office sets."""
