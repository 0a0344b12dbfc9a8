"""Remembers the chain: entries, roots, vouchers, and reads what is to be chained."""
