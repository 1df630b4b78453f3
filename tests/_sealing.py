"""Seals entries as a phone does, with the key that the server shows."""

import json
from typing import Any

from sync import sealing
from tests._world import Person


class Seal:
    """The server's key, fetched without signing in."""

    def __init__(self, person: Person) -> None:
        shown = person.get("/api/sealing/key").get_json()
        self.key_id: str = shown["key_id"]
        self._public = sealing.decode(shown["public_key"])

    def __call__(self, entry: dict[str, Any], *, key: str | None = None, **inside: Any) -> dict[str, Any]:
        """`entry` as an element; `key` is its author's. A value of `inside` takes the place of what the entry has."""
        inner = {name: value for name, value in entry.items() if name != "device_seq"} | inside
        if key is not None:
            inner["author_key"] = key
        return self.text(json.dumps(inner), id=entry["id"], device_seq=entry["device_seq"])

    def views(self, report: dict[str, Any]) -> dict[str, Any]:
        """A report of what was opened, as an element of `views`."""
        return self.text(json.dumps(report), id=report["id"], info=sealing.VIEWS_INFO)

    def text(
        self, plaintext: str | bytes, *, id: str, device_seq: int = 1, info: bytes = sealing.ENTRY_INFO
    ) -> dict[str, Any]:
        """Any text at all, sealed as an entry with this id."""
        raw = plaintext.encode() if isinstance(plaintext, str) else plaintext
        sealed = sealing.seal(self._public, info, sealing.entry_aad(id), raw)
        return {"id": id, "device_seq": device_seq, "key_id": self.key_id, "sealed": sealed}

    def by(self, person: Person, entry: dict[str, Any]) -> dict[str, Any]:
        """The entry of this person, with the key that their phone holds for them."""
        return self(entry, key=person.delivery_key, author_id=person.id)
