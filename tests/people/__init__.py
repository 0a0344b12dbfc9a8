"""People, their absences and their phones."""
