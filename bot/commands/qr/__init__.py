"""`python -m bot qr`: binding codes as squares to scan and sheets to print."""
