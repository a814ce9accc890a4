"""What each API promises: which operations exist, and what may go in and out."""
