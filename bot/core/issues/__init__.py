"""The issue (诉求): its fields, its life, its deadlines."""
