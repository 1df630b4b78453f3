"""Bring the catalogues up to date with the texts in code and templates: `python .ci/texts.py`.

New texts are added without a translation, texts that are gone are dropped, and what still lacks one is listed. What
the phone says stands in the same files, under the context «phone»; it is written there by hand and kept as it is.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1] / "fieldapp"
FOLDER = ROOT / "translations"
MAPPING = [("static/**", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "gettext": None}
PHONE = "phone"
"""The context of what only the phone says; the tests in Node know which texts those are."""
NO_NOISE = ("Project", "Report", "POT-", "PO-Rev", "Last-", "Language-Team", "Generated")
"""Headers that change by themselves."""


def main() -> int:
    used = sorted({str(found[2]) for found in extract_from_dir(ROOT, method_map=MAPPING, keywords=KEYWORDS)})
    lacking = 0
    for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po")):
        language = path.parts[-3]
        known = read(path)
        path.write_text(written(language, used, known, read(path, PHONE)), encoding="utf-8")
        for text in used:
            if not known.get(text):
                lacking += 1
                print(f"{language}: {text}")
    return 1 if lacking else 0


def read(path: Path, context: str | None = None) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id and entry.context == context}


def written(language: str, used: list[str], known: dict[str, str], of_phone: dict[str, str]) -> str:
    catalogue = Catalog(locale=language, header_comment="# The source texts are bokmål; see .ci/texts.py.", fuzzy=False)
    for text in used:
        catalogue.add(text, known.get(text, ""))
    for text, translated in sorted(of_phone.items()):
        catalogue.add(text, translated, context=PHONE)
    file = io.BytesIO()
    write_po(file, catalogue, width=0, no_location=True)
    lines = file.getvalue().decode().splitlines()
    return "\n".join(line for line in lines if not line.startswith(tuple(f'"{name}' for name in NO_NOISE))) + "\n"


if __name__ == "__main__":
    sys.exit(main())
