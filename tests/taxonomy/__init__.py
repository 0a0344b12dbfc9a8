"""Tests of the categories that the office may edit."""
