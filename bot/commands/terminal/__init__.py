"""How every command of the command line speaks to the person at it."""
