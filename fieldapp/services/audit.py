"""The place for the log of access: who has read what about whom, as rows in the transaction that reads it.

Nothing is written here yet. The rule it will hold (pasientjournalloven § 22 a): no read of client content without a
row, and if the row cannot be written, nothing is shown. Until then Sett is not for real personal data, and says so in
README and `fieldapp doctor`. Every read that must be logged goes through `queries/` with a viewer, so the calls have
one home.
"""
