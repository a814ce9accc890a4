"""Requests drafted for coverage and fuzz: sound ones, boundaries, one thing wrong, and what their answers have to be."""
