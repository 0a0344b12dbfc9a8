"""What waits for leaders."""
