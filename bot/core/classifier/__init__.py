"""Which category a message belongs to, and which of its words say so."""
