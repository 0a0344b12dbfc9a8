"""The rules an office sets for its park: service levels, escalation, assignment, limits."""
