"""The contract between phone and server: plain Python and msgspec, no Flask, no database.

PROTOCOL.md is the specification; the vectors/ are its examples, read by pytest and by node --test.
"""
