"""The ledger as the office opens it."""
