"""The board (挂图作战): the office's wall and its access."""
