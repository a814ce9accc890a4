"""Runs kept on tape, and played again."""
