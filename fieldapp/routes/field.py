"""The phone's pages: one shell, the same for everyone and without personal data, its manifest and its service worker.

None needs a login: the worker would otherwise keep a redirect. Data comes from the phone's own replica.
"""

import hashlib
import json
import re
from typing import Any

from flask import Blueprint, Response, current_app, render_template

from fieldapp.assets import Assets
from fieldapp.routes._web import settings
from fieldapp.security import access

bp = Blueprint("field", __name__)

_WORKER = "build/worker.js"
_SCRIPT = "text/javascript"


@bp.get("/felt")
@bp.get("/felt/<path:rest>")
@access("public")
def shell(**_: str) -> str:
    """Whatever the address: the page reads it, the server does not. The service worker answers just so."""
    return _shell()


@bp.get("/sw.js")
@access("public")
def worker() -> Response:
    """The service worker of this version, or the one that takes itself away when the operator has said so."""
    if not settings().service_worker:
        return _worker(render_template("system/sw_off.js"))
    tree = _tree()
    return _worker(render_template("system/sw.js", worker=tree.url(_WORKER), build=_build(tree)))


@bp.get("/manifest.webmanifest")
@access("public")
def manifest() -> Response:
    """What the phone needs to put Sett on the home screen."""
    return Response(json.dumps(_manifest(_tree()), ensure_ascii=False), mimetype="application/manifest+json")


def _worker(script: str) -> Response:
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/"}
    return Response(script, mimetype=_SCRIPT, headers=headers)


def _shell() -> str:
    return render_template("field/shell.html", first=_tree().first)


def _build(tree: Assets) -> dict[str, Any]:
    """The version changes with the shell too; the shell names every file it starts from, and those name the rest."""
    page = _shell()
    named = re.findall(re.escape(tree.url("")) + r"([^\"']+)", page)
    return {
        "version": hashlib.sha256(page.encode()).hexdigest()[:12],
        "base": tree.url(""),
        "shell": "/felt",
        "files": tree.precache(*named),
    }


def _manifest(tree: Assets) -> dict[str, Any]:
    return {
        "id": "/felt",
        "name": "Sett",
        "short_name": "Sett",
        "description": "Feltapp for oppfølgingsteam",
        "lang": "nb",
        "start_url": "/felt",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f3f4f4",
        "theme_color": "#f3f4f4",
        "icons": [_icon(tree, size, purpose) for purpose in ("any", "maskable") for size in (192, 512)],
    }


def _icon(tree: Assets, size: int, purpose: str) -> dict[str, str]:
    name = "sett" if purpose == "any" else "sett-maskable"
    url = tree.url(f"icons/{name}-{size}.png")
    return {"src": url, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _tree() -> Assets:
    tree: Assets = current_app.extensions["assets"]
    return tree
