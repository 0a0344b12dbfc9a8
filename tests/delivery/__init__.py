"""From words said to words on a phone."""
