"""What papers and pages show: board, digest, ledger, figures."""
