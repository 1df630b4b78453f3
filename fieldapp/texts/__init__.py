"""Every sentence and word a person reads that does not stand in a template. Norwegian bokmål is the source language."""

from fieldapp.texts.catalogues import DEFAULT_LANGUAGE, LANGUAGES, N_, PoDomain, gettext, language, speak
from fieldapp.texts.contact_words import as_agreed_words, seen_ago
from fieldapp.texts.labels import LABELS, choices, label
from fieldapp.texts.messages import MESSAGES, form_message, message
from fieldapp.texts.numbers import phone_link, with_numbers
from fieldapp.texts.times import TIMEZONE, ago, clock_time, day, day_from, duration, local, moment

__all__ = [
    "DEFAULT_LANGUAGE",
    "LABELS",
    "LANGUAGES",
    "MESSAGES",
    "N_",
    "TIMEZONE",
    "PoDomain",
    "ago",
    "as_agreed_words",
    "choices",
    "clock_time",
    "day",
    "day_from",
    "duration",
    "form_message",
    "gettext",
    "label",
    "language",
    "local",
    "message",
    "moment",
    "phone_link",
    "seen_ago",
    "speak",
    "with_numbers",
]
