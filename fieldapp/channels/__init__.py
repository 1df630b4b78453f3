"""The ways to tell a person something. One contract (contract.py); a channel is a small module that keeps it."""
