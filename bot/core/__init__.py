"""What the bot knows: pure rules, frozen values in and frozen values out."""
