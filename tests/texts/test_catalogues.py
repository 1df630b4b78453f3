"""Every text exists in every language, with the same places to fill in."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import fieldapp
from fieldapp import texts
from fieldapp.texts.catalogues import PHONE, translations

ROOT = Path(fieldapp.__file__).parent
MAPPING = [("static/**", "ignore"), ("**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "N_": None, "gettext": None}
TRANSLATED = [language for language in texts.LANGUAGES if language != texts.DEFAULT_LANGUAGE]


def used() -> set[str]:
    return {str(found[2]) for found in extract_from_dir(ROOT, method_map=MAPPING, keywords=KEYWORDS)}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_every_text_and_no_other(language: str) -> None:
    catalogue = translations(language)
    assert used() - set(catalogue) == set(), "missing"
    assert set(catalogue) - used() == set(), "no longer used"
    of_phone = translations(language, PHONE)
    assert [text for text, translated in (catalogue | of_phone).items() if not translated.strip()] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_places_to_fill_in(language: str) -> None:
    place = re.compile(r"%\(\w+\)s")
    different = [
        text
        for text, translated in translations(language).items()
        if sorted(place.findall(text)) != sorted(place.findall(translated))
    ]
    assert different == []


def test_a_text_is_said_in_the_language_that_is_spoken() -> None:
    assert texts.message("sign_in") == "Du må logge inn."
    with texts.speak("en"):
        assert texts.message("sign_in") == "You must sign in."
    with texts.speak("nn"):
        assert texts.label("found", "nobody") == "Ingen heime"
    assert texts.label("found", "nobody") == "Ingen hjemme"
