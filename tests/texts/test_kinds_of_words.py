"""Kinds of wrong words, held over all texts of the office, so that none comes back."""

import datetime as dt
import re
from pathlib import Path

import pytest

import fieldapp
from fieldapp import texts
from fieldapp.texts.case_words import _DATES, date_words
from fieldapp.texts.catalogues import filled
from fieldapp.texts.entry_words import entry_detail
from tests.texts.test_catalogues import translations, used

ROOT = Path(fieldapp.__file__).parent

COUNTED = re.compile(r"%\((?:n|count|days|weeks|months)\)s (\w+)")
NO_NOUN = {"min", "t", "s", "døgn", "mangler", "ikke", "av", "tegn", "fikk", "uten", "mistet", "er", "meldt", "til"}
"""What may stand beside any number as it is: units, and words that count nothing."""
ONLY_MANY = {
    "%(n)s dager på rad": "from four on; below that it is said in words",
    "Se alle %(n)s sakene": "stands only beside more than twelve",
    "%(n)s personer.": "stands only beside more than one",
    "for %(n)s dager siden": "today and yesterday have words of their own",
    "Push på %(n)s telefoner": "one phone has a sentence of its own",
    "Hver %(n)s. uke": "from two on",
    "%(who)s åpnet så mange som %(n)s på en time, fra %(at)s. Var det en gjennomgang?": "from fifteen on",
}


def sources() -> str:
    return "\n".join(path.read_text() for path in (*ROOT.rglob("*.html"), *ROOT.rglob("*.py")))


def test_a_count_has_a_text_of_its_own_for_one() -> None:
    """Beside «%(n)s notater» stands «1 notat», in the same branch."""
    code = sources()
    lacking = []
    for text in used():
        nouns = [noun for noun in COUNTED.findall(text) if noun not in NO_NOUN]
        if not nouns or text in ONLY_MANY:
            continue
        line = next((line for line in code.splitlines() if f'"{text}"' in line), "")
        if "== 1" not in line:
            lacking.append(text)
    assert lacking == []


BOKMAL = (
    "ikke|jeg|hvem|hva|hvor|hvordan|hvorfor|hvilke|noe|noen|mye|fra|dem|se|sier|gjør|være|hun|selv|siden|vet|navn"
    "|dager|minutter|notater|varsler|brukeren|brukere|krisen|husleie|oppfølgingen|kommer|trenger|venter|uke|uker"
    "|måneder"
)


def test_nynorsk_is_nynorsk() -> None:
    wrong = re.compile(rf"(?<!\w)({BOKMAL})(?!\w)", re.IGNORECASE)
    assert [text for text in translations("nn").values() if wrong.search(text)] == []
    assert translations("nn")["Jeg tar den"] == "Eg tek det"


@pytest.mark.parametrize("language", list(texts.LANGUAGES))
def test_a_date_before_a_full_stop_is_followed_by_one(language: str) -> None:
    with texts.speak(language):
        words = [*(date_words(code, dt.date(2026, 12, 29), dt.date(2026, 12, 30)) for code in _DATES)]
        words.append(filled("Vurderes på nytt %(day)s.", {"day": "29. des."}))
        words.append(
            entry_detail("street_contact_logged", {"place_label": "St. Olavs gt.", "people": 1, "note": "Kaffe"})
        )
    assert [text for text in words if ".." in text] == []
