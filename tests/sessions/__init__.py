"""Monday nights: agenda, promises, minutes."""
