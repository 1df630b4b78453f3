"""Reads about alerts: what nobody has ended, why it came, who was notified, and the team's figures."""
