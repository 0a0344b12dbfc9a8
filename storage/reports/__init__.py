"""Reads for papers and pages; nothing is written here."""
