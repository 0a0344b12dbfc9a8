"""Days, hours, weeks and dates."""
