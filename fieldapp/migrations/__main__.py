"""Drafts the next numbered step from the difference between the newest step and the models.

`python -m fieldapp.migrations "What it does"`: read the draft, mend it (Alembic sees neither renames nor data), commit.
`--again` draws up the newest step anew; only for a step that no database outside this machine has taken.
"""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from alembic import command

from fieldapp.db import Database
from fieldapp.migrations import HEAD_FILE, configuration, migrate, newest


@dataclass(frozen=True)
class _Scratch:
    database_url: str


def draft(message: str) -> Path:
    """Write the next step and the new head; return the step's path."""
    number = f"{1 if newest() == 'base' else int(newest()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(_Scratch(f"sqlite:///{folder}/scratch.db"))
        migrate(database)
        config = configuration()
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=number)
        database.dispose()
    HEAD_FILE.write_text(f"{number}\n")
    path = _file_of(number)
    path.write_text(re.sub(r"\n *# ### .* ###", "", path.read_text()))
    for tidy in (["format"], ["check", "--fix"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", str(path)], check=False)  # noqa: S603
    return path


def draft_again() -> Path:
    """Replace the newest step by what the models ask for now, under the same name."""
    path = _file_of(newest())
    message = path.read_text().split('"""')[1].rstrip(".")
    path.unlink()
    return draft(message)


def _file_of(number: str) -> Path:
    return next((HEAD_FILE.parent / "versions").glob(f"{number}_*.py"))


if __name__ == "__main__":
    print(draft_again() if sys.argv[1] == "--again" else draft(sys.argv[1]))  # noqa: T201
