"""What travels down to a phone: changes since its cursor, and older entries page by page."""
