"""What papers and pages show."""
