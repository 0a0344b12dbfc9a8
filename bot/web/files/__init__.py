"""Papers, calendars and attachments behind one-time or personal links."""
