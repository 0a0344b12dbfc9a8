"""The ledger (台账) as a file for the office: one row for each issue."""
