"""What the phone takes from the server's own tables: the row of each entry type, the word for every code, and the
translations of what it says.

`python -m fieldapp.texts.phone_tables` writes the modules anew; a test holds them against the tables.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from fieldapp.texts.catalogues import PHONE, translations
from fieldapp.texts.labels import LABELS
from sync.entry_type import EntryType
from sync.entry_types import ENTRY_TYPES

JS = Path(__file__).parents[1] / "static" / "js"
OFFICE_ONLY = {
    "erase_ground",
    *("record_request", "record_asker", "record_answer", "record_law"),
    "innsyn_reason",
    "verdict",
    "resolution",
    "degree",
    "alert_state",
    "case_kind",
    "alert_event",
    "after_death",
}
"""Lists that no page of the phone shows."""
_MADE_BY = "Made by `python -m fieldapp.texts.phone_tables`; don't edit."


def entry_types_js() -> str:
    """The module core/entry_types.js."""
    about = (
        "The rows of sync/entry_types.py that the phone goes by: what each field means stands in sync/entry_type.py."
    )
    fields = "".join(f" * @property {{{kind}}} {_named(name)}\n" for name, kind in _ROW.items())
    rows = {name: json.dumps(_row(row), ensure_ascii=False) for name, row in ENTRY_TYPES.items()}
    return (
        f"// @ts-check\n/** {about} {_MADE_BY} */\n/**\n * @typedef {{object}} EntryType\n{fields} */\n"
        "/** @type {Record<string, EntryType>} */\n" + _constant("ENTRY_TYPES", rows)
    )


_ROW = {
    "about": "string",
    "roles": "string[]",
    "moves": "boolean",
    "case?": "string",
    "outcome?": "[string, string]",
    "points_at?": "string",
    "contact?": "{degree: string, when: Record<string, string[]>}[]",
    "met_at?": "string",
    "death?": "[string, string]",
    "timeline?": "string",
    "urgent?": "boolean",
    "card?": "string",
    "titled?": "string",
    "unsaid?": "string",
    "line?": "string[]",
    "stands?": "{kind: string, part: string, id?: string, each?: string, ended?: [string, unknown]}",
}
"""The fields of a row that the phone goes by, and what they are there; with «?» only where they say something of this
type."""
_USUAL = (None, False, (), "client", "type", ("note",))


def _row(row: EntryType) -> dict[str, Any]:
    line = (*row.line, "note") if row.short is None else row.short
    told = asdict(row) | {"roles": sorted(row.roles), "line": line}
    return {
        name.rstrip("?"): value
        for name in _ROW
        if (value := _plain(told[name.rstrip("?")])) not in _USUAL or not name.endswith("?")
    }


def _plain(value: Any) -> Any:
    """Of a part of a row what it says."""
    return {name: one for name, one in value.items() if one is not None} if isinstance(value, dict) else value


def _named(name: str) -> str:
    return f"[{name.rstrip('?')}]" if name.endswith("?") else name


_ON_I_DAG = {
    *("absence_kind", "alert_kind", "call_outcome", "case_kind", "check_in", "complaint", "crisis_kind", "entry_type"),
    *("housing_incident", "sighting", "source", "urgency", "visit_outcome", "visit_place"),
}
"""The lists that I dag reads before anything is opened (tests/js/graph.test.js). A title without its outcome is true,
too: the other lists come a moment later, with what stands beside the clocks."""


def code_words_js() -> str:
    """The module texts/code_words.js: what I dag shows."""
    about = f"The words in bokmål for the codes that I dag shows, from fieldapp/texts. {_MADE_BY}"
    return f"/** {about} */\n" + _constant("CODE_WORDS", _lists(first=True))


def code_words_more_js() -> str:
    """The module texts/code_words_more.js: the other lists, which come with the screens that show them."""
    about = f"The words for the codes that I dag does not show: whoever imports this has them. {_MADE_BY}"
    words = _constant("MORE_WORDS", _lists(first=False))
    return f'/** {about} */\nimport {{ know }} from "./codes.js";\n\n{words}\nknow(MORE_WORDS);\n'


def _lists(*, first: bool) -> dict[str, str]:
    return {
        name: json.dumps(words, ensure_ascii=False)
        for name, words in LABELS.items()
        if name not in OFFICE_ONLY and (name in _ON_I_DAG) is first
    }


def _constant(name: str, rows: dict[str, str]) -> str:
    """Without a prototype: `constructor` is neither a type nor a list."""
    lines = "".join(f"  {key}: {row},\n" for key, row in rows.items())
    return f"export const {name} = {{\n  __proto__: /** @type {{any}} */ (null),\n{lines}}};\n"


def language_js(language: str) -> str:
    """The module texts/nn.js or texts/en.js: what the phone says besides codes, and the words of the codes."""
    words = {word for name, list_ in LABELS.items() if name not in OFFICE_ONLY for word in list_.values()}
    translated = translations(language)
    said = {word: translated[word] for word in words} | translations(language, PHONE)
    lines = "".join(f"  {_quoted(nb)}: {_quoted(other)},\n" for nb, other in sorted(said.items()) if nb != other)
    about = f"The phone's texts in {language} that are not as in bokmål. {_MADE_BY}"
    return f"/** {about} */\nexport default {{\n{lines}}};\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


FILES: dict[str, Callable[[], str]] = {
    "core/entry_types.js": entry_types_js,
    "texts/code_words.js": code_words_js,
    "texts/code_words_more.js": code_words_more_js,
    "texts/nn.js": partial(language_js, "nn"),
    "texts/en.js": partial(language_js, "en"),
}

if __name__ == "__main__":
    for path, module in FILES.items():
        (JS / path).write_text(module(), encoding="utf-8")
