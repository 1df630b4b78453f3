"""Reads about phones: whether they can be reached, and what is unsent, missing or not shown."""
