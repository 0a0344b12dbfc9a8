"""Days, hours, weeks and dates of a park."""
