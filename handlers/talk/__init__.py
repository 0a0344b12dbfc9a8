"""Talk that belongs to no one noun: rooms, free words, edits, albums, undo."""
