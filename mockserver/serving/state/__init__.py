"""Keeping the worlds of a server in a file, over restarts and crashes."""
