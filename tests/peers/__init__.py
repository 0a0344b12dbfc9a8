"""The other ends: fakes of platforms' servers, and other people's implementations as peers."""
