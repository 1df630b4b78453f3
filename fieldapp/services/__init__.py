"""Use cases: (session, …, now). They flush and never commit; whoever opened the transaction does."""
