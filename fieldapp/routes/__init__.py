"""Routes: parse, authorise, call one function, render. Every module here that answers requests is named once below."""

from importlib import import_module
from importlib.util import find_spec

from flask import Blueprint

MODULES = (
    "static",
    "system",
    "api_session",
    "api_sync",
    "api_push",
    "api_alerts",
    "account",
    "field",
    "office",
    "alerts",
    "cases",
    "duty",
    "team",
    "admin",
)


def blueprints() -> list[Blueprint]:
    """The blueprint of every module, in the order they are registered."""
    names = [f"{__name__}.{name}" for name in MODULES]
    return [import_module(name).bp for name in names if find_spec(name)]
