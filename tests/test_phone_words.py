"""The phone's code lists: every code of the contract, and the same words as the office uses."""

import json
import subprocess
from pathlib import Path

import pytest

from fieldapp.texts import LABELS
from sync.codes import LISTS

CODES = Path(__file__).parents[1] / "fieldapp" / "static" / "js" / "texts" / "codes.js"


@pytest.fixture(scope="module")
def phone() -> dict[str, dict[str, str]]:
    script = f"import({json.dumps(CODES.as_uri())}).then((m) => console.log(JSON.stringify(m.CODE_LISTS)))"
    done = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True)
    lists: dict[str, dict[str, str]] = json.loads(done.stdout)
    return lists


def test_a_list_of_the_contract_has_exactly_its_codes_on_the_phone(phone: dict[str, dict[str, str]]) -> None:
    shared = phone.keys() & LISTS.keys()
    assert {name: set(phone[name]) for name in shared} == {name: {*LISTS[name]} for name in shared}


def test_phone_and_office_call_everything_the_same(phone: dict[str, dict[str, str]]) -> None:
    shared = phone.keys() & LABELS.keys()
    assert {name: phone[name] for name in shared} == {name: LABELS[name] for name in shared}
