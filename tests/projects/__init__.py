"""Building projects."""
