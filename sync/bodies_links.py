"""Bodies of what ties entries, clients and files together."""

import uuid
from typing import Annotated

from msgspec import Meta

from sync.bodies_base import Body, Line, Name
from sync.codes_files import FileKind


class SubjectClientSet(Body, frozen=True, kw_only=True):
    """Whom a crisis, a concern or a street contact without a client was about: the client of the envelope. A case may
    be named by the envelope's `case_id` instead."""

    case_id: uuid.UUID | None = None
    entry_id: uuid.UUID | None = None

    def problem(self) -> str | None:
        """One thing at a time."""
        return "entry_id" if self.case_id is not None and self.entry_id is not None else None


class JournalNoted(Body, frozen=True, kw_only=True):
    """What has been copied by hand into the journal named here; Sett sends nothing."""

    entry_ids: Annotated[tuple[uuid.UUID, ...], Meta(min_length=1, max_length=200)]
    system: Name


class FileAttached(Body, frozen=True, kw_only=True):
    """A photo belongs to an entry; accepted before the photo itself has come."""

    file_id: uuid.UUID
    entry_id: uuid.UUID
    kind: FileKind
    caption: Line | None = None
