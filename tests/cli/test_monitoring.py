"""The dashboard and the alert rules ask for figures that a running server gives, by labels that these have."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.routes._tally import WAYS
from tests._server import Server
from tests.cli.test_web_figures import TOKEN, metrics

FOLDER = Path(__file__).parents[2] / "docs" / "monitoring"

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def given(database_url: str, tmp_path: Path) -> Iterator[str]:
    with Server.started(tmp_path / "data", database_url=database_url, metrics_token=TOKEN) as server:
        metrics(server)  # is counted itself from the second time on
        yield metrics(server)


def test_every_figure_that_is_asked_for_is_there(given: str) -> None:
    names = set(re.findall(r"^(sett_\w+)", given, re.MULTILINE)) | {"sett_deliveries", "sett_alerts"}
    asked = set(re.findall(r"\bsett_\w+", "\n".join(expressions())))
    assert len(asked) >= 9
    assert asked <= names
    labels = set(re.findall(r"(\w+)=\"", given)) | {"job", "le"}
    grouped = {
        label.strip() for found in re.findall(r"by \(([^)]*)\)", "\n".join(expressions())) for label in found.split(",")
    }
    matched = set(re.findall(r"[{,](\w+)=~?\"", "\n".join(expressions())))
    assert grouped | matched <= labels
    assert set(re.findall(r'way="(\w+)"', given)) == set(WAYS)


def test_every_rule_says_what_to_do() -> None:
    rules = (FOLDER / "alerts.yaml").read_text(encoding="utf-8").split("- alert: ")[1:]
    assert len(rules) >= 7
    for rule in rules:
        for needed in ("expr: ", "severity: ", "summary: ", "do: "):
            assert rule.count(needed) == 1, rule.splitlines()[0]


def expressions() -> list[str]:
    rules = re.findall(r"expr: (.*)", (FOLDER / "alerts.yaml").read_text(encoding="utf-8"))
    board: dict[str, Any] = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
    return rules + [target["expr"] for panel in board["panels"] for target in panel["targets"]]
