"""Tests of the leaders' digest."""
