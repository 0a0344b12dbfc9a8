"""How a message finds its route: turn, command, menu, the issue meant."""
