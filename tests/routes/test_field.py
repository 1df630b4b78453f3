"""The phone's pages, its worker and its files, as a phone without a login gets them."""

import dataclasses
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fieldapp.app import create_app
from fieldapp.config import Settings


@pytest.fixture
def phone(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    "path", ["/felt", "/felt/tavle", "/felt/brukere", "/felt/bruker/0193", "/felt/ny", "/felt/varsel/0193", "/felt/mer"]
)
def test_every_page_of_the_phone_is_the_same_shell_and_needs_no_login(phone: FlaskClient, path: str) -> None:
    answer = phone.get(path)
    assert answer.status_code == 200
    assert answer.data == phone.get("/felt").data
    assert "Set-Cookie" not in answer.headers


def test_the_worker_may_rule_the_whole_site_and_is_asked_for_anew_each_time(phone: FlaskClient) -> None:
    answer = phone.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Service-Worker-Allowed"] == "/"


def test_every_file_the_worker_keeps_is_there_as_it_is(phone: FlaskClient) -> None:
    build = _build(phone)
    assert build["base"] + "build/field.js" in build["files"]
    assert build["base"] + "build/field.css" in build["files"]
    for late in ("forms", "people", "rest", "nn", "en"):
        assert any(name.startswith(f"{build['base']}build/{late}-") for name in build["files"])
    for name in [build["shell"], *build["files"]]:
        assert phone.get(name).status_code == 200, name


def test_the_worker_itself_is_a_file_of_this_version(phone: FlaskClient) -> None:
    script = phone.get("/sw.js").text
    imported = re.search(r'from "([^"]+)"', script)
    assert imported
    assert imported[1].startswith(_build(phone)["base"])
    assert phone.get(imported[1]).status_code == 200
    assert not re.search(r"\bimport\b|\bfrom\s*[\"']\\.", phone.get(imported[1]).text), "one file, no others"


def test_the_page_asks_for_few_files_and_for_none_that_is_not_needed(phone: FlaskClient) -> None:
    page = phone.get("/felt").text
    asked = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert len(asked) <= 7, asked
    assert all(phone.get(name).status_code == 200 for name in asked)


def test_the_manifest_names_icons_that_are_there(phone: FlaskClient) -> None:
    answer = phone.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert (manifest["start_url"], manifest["display"]) == ("/felt", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert phone.get(icon["src"]).mimetype == "image/png"


def test_switched_off_the_worker_takes_itself_away_and_spares_what_is_saved(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    off = create_app(dataclasses.replace(settings, service_worker=False))
    script = off.test_client().get("/sw.js").text
    assert "registration.unregister()" in script
    assert "caches.delete" in script
    assert "indexedDB." not in script


def test_a_file_is_kept_for_ever_and_comes_small(phone: FlaskClient) -> None:
    name = _build(phone)["base"] + "build/field.js"
    whole = phone.get(name)
    small = phone.get(name, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in whole.headers["Cache-Control"]
    assert small.headers["Content-Encoding"] == "gzip"
    assert len(small.data) < len(whole.data)


def test_our_code_travels_without_comments_and_keeps_its_line_numbers(phone: FlaskClient, app: Flask) -> None:
    root = app.extensions["assets"].root
    for path in sorted((root / "js").rglob("*.js")):
        source = path.read_text(encoding="utf-8").splitlines()
        served = phone.get(_build(phone)["base"] + path.relative_to(root).as_posix()).text.splitlines()
        assert len(served) in (len(source), len(source) - 1), path
        comments = ("/*", "*", "//")
        changed = [line for line, other in zip(source, served, strict=False) if line != other]
        assert not [line for line in changed if not line.strip().startswith(comments)], path


def test_what_others_wrote_keeps_its_licence(phone: FlaskClient) -> None:
    build = _build(phone)
    built = [name for name in build["files"] if "/build/" in name]
    for names in ([build["base"] + "vendor/lit-html.js"], built):
        assert any("SPDX-License-Identifier" in phone.get(name).text for name in names)


@pytest.mark.parametrize("name", ["../app.py", "js/../../app.py", "js/nothing.js", "js"])
def test_what_is_no_file_of_the_tree_is_not_found(phone: FlaskClient, name: str) -> None:
    assert phone.get(_build(phone)["base"] + name).status_code == 404


def test_another_versions_files_are_not_mixed_with_this_ones(phone: FlaskClient) -> None:
    assert phone.get("/static/000000000000/js/field.js").status_code == 404


def _build(phone: FlaskClient) -> dict[str, str]:
    script = phone.get("/sw.js").text
    build: dict[str, str] = json.loads(script[script.index("listen(") + len("listen(") : script.rindex(")")])
    return build
