"""What a message is: read, asked and decided rightly, on utterances written apart."""
