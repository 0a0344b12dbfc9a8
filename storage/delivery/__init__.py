"""What the bot remembers of messages in and out: threads, outbox, their fates."""
