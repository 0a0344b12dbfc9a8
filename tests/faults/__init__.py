"""What happens when the machine does its worst."""
