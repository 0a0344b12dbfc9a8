"""Tests of the channels: real bytes, real signatures, fakes on loopback."""
