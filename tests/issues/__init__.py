"""Issues, from the lifecycle's table to the rows."""
