"""Rows of sync/entry_types.py: what ties entries, clients and files together."""

from sync.bodies_links import FileAttached, JournalNoted, SubjectClientSet
from sync.entry_type import EntryType

LINK_ROWS: dict[str, EntryType] = {
    "subject_client_set": EntryType(
        body=SubjectClientSet,
        points_at="nobody_known",
        moves=False,
        settles=("subject", "clock", "sight"),
        timeline="none",
    ),
    "journal_noted": EntryType(
        body=JournalNoted,
        about="client_or_team",
        points_at="noted",
        line=("system",),
        moves=False,
        timeline="none",
    ),
    "file_attached": EntryType(
        body=FileAttached,
        about="subject",
        points_at="entry",
        line=("caption",),
        outcome=("file_kind", "kind"),
        titled="outcome",
        moves=False,
        refreshes=("file",),
        timeline="none",
    ),
}
