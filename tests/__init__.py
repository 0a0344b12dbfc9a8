"""Tests of the exchange-day bot; the folders mirror the project."""
