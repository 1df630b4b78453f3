"""Accounts, sessions, devices and keys: who somebody is, and from which phone."""
