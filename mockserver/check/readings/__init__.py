"""Which readings a target is seen to follow, and the file that tells it."""
