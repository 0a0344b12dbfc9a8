"""A database that the version before the house left behind is taken over by this one."""
