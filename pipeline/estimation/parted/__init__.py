"""Estimates from data that lie in parts: no more than one part is held at a time."""
