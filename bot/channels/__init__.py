"""Ears and mouths: one folder a platform, behind one interface."""
