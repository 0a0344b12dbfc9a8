"""What people and the clock both do: the same moves, whoever sets them off."""
