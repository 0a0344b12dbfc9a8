"""What people say about themselves and each other: who they are, when they are away."""
