"""The bot itself: what it knows, its ears and mouths, its words, its pages and the wiring."""
