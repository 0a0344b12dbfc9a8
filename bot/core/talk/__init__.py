"""What a message is, before anybody acts on it: a matter, thanks, a question, words among staff."""
