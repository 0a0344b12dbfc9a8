"""From words said to words on a phone: who hears them, outbox rows, the postman."""
