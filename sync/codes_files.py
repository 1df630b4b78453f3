"""The code list of attached files, beside sync/codes.py, which takes it in."""

from enum import StrEnum

FileKind = StrEnum("FileKind", "letter damage other")

FILE_LISTS: dict[str, type[StrEnum]] = {
    "file_kind": FileKind,
}
