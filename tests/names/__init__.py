"""Names of firms and colleagues."""
