"""Counts what digest, board and ledger print from the event log alone, and compares."""
