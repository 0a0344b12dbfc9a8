"""The phones page: demo phones side by side in a browser, on this machine only."""
