"""The read log: who has read what about whom (pasientjournalloven § 22 a).

Owns showing.py (a read that is logged), anchors.py (where the log ended, told outside the database), innsyn.py (the
case in which a client is given the record). Leaves the rows and their chain to models/read_log.py, the rule of when a
read is a row to domain/read_log.py, and the check of it all to operations/verify_read_log.py.
"""
