"""The bot's pages and webhooks: requests in, channels' answers out."""
