"""The leader's reports: figures as pure functions over rows. Only totals, and no figure is about one employee."""
