"""Categories, and what learns them."""
