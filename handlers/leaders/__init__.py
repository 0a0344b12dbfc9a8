"""What leaders say about what waits for them."""
