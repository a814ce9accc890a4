"""Laws: what holds whatever is asked in whatever order."""
