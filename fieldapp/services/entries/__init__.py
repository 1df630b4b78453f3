"""The one write door: an entry comes in, is checked, is written, and has its effects."""
