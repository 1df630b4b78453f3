"""Reads: (session, viewer, …) to frozen rows. A query never writes and never asks a service."""
