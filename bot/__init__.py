"""The exchange-day bot itself: what it knows, its ears and mouths, its words and its pages."""
