"""The papers tell of all there is, and of nothing else."""
