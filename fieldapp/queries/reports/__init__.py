"""What the leader's reports are made from, read for one period and some teams."""
