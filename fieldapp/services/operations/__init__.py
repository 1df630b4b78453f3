"""What an operator asks for or watches: verify, backup and restore, heartbeats, silence."""
