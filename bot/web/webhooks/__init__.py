"""The platforms' deliveries: one hook a platform."""
