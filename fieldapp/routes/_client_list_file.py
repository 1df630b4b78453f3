"""The list of clients as a file: what stands in the columns that are chosen, for whatever reads it next."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fieldapp.queries.client_list import ClientLine
from fieldapp.routes._report_files import plain
from fieldapp.texts import label, local

_Value = Callable[[ClientLine], Any]


def _moment(at: Any) -> str:
    return local(at).isoformat(timespec="minutes") if at else ""


_COLUMNS: Mapping[str, tuple[tuple[str, _Value], ...]] = {
    "": (
        ("name", lambda line: line.name),
        ("alias", lambda line: line.alias),
        ("birth_year", lambda line: line.birth_year),
    ),
    "sist": (
        ("last_at", lambda line: _moment(line.last_seen_at)),
        ("last_as", lambda line: line.last_seen_as),
    ),
    "frist": (
        ("due_at", lambda line: "" if line.is_paused else _moment(line.due_at)),
        ("paused", lambda line: int(line.is_paused)),
    ),
    "neste": (("next_contact_on", lambda line: line.next_on),),
    "primar": (("primary_contact", lambda line: line.primary),),
    "team": (("teams", lambda line: ", ".join(line.teams)),),
    "tavla": (("board", lambda line: ", ".join(one.name or label("board_column", one.key) for one in line.on_board)),),
    "se-pa": (
        ("agreement_missing", lambda line: int(line.watch_mode != "off" and not line.agreed)),
        ("old_risks", lambda line: line.old_risks),
        ("ended_at", lambda line: _moment(line.ended_at)),
        ("deceased", lambda line: int(line.deceased)),
    ),
    "kontakt": (("contact_interval_days", lambda line: line.contact_interval_days),),
    "avtale": (("agreement_review_on", lambda line: line.review_on),),
    "telefon": (("phone", lambda line: line.phone),),
    "adresse": (("address", lambda line: line.address),),
}
"""The stable English names of what each column of the page holds. No address behind a code is ever in a line."""


def csv_of(lines: Sequence[ClientLine], columns: Sequence[str]) -> str:
    """UTF-8 text with a header; no text starts a formula."""
    chosen = [one for name in ("", *columns) for one in _COLUMNS[name]]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([name for name, _ in chosen])
    writer.writerows([plain(_cell(value(line))) for _, value in chosen] for line in lines)
    return text.getvalue()


def _cell(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, int | str) else str(value)
