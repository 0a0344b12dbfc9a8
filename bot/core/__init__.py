"""What the bot knows: frozen values in, frozen values out, nothing that touches the world."""
