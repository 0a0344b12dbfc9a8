"""The chain: its hashes, what is found out, and vouchers in people's hands."""
