"""The chain: entries are appended, roots published, vouchers given, and all of it is checked."""
