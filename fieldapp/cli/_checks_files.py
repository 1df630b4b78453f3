"""What `fieldapp doctor` looks at on disk: files that others on the machine can read."""

import stat
from collections.abc import Iterator
from pathlib import Path

from fieldapp.cli._checks import Line
from fieldapp.config import Settings
from fieldapp.db import database_url, files_of


def file_lines(settings: Settings) -> Iterator[Line]:
    """The database, what it keeps beside it, copies of it, and the secret: for their owner alone."""
    loose = [file for file in _ours(settings) if _others_may_read(file)]
    for file in loose:
        mode = stat.S_IMODE(file.stat().st_mode)
        yield Line("fail", "filer", f"{file} kan leses av andre på maskinen ({mode:04o}): kjør «chmod 600 {file}»")
    if not loose:
        yield Line("ok", "filer", "kan bare leses av den som eier dem")


def _ours(settings: Settings) -> list[Path]:
    url = database_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    found = set(files_of(Path(url.database).absolute())) if is_file and url.database else set()
    return sorted(found | {settings.data_dir / "secret_key"} | set(settings.data_dir.glob("*.db")))


def _others_may_read(file: Path) -> bool:
    try:
        return bool(file.stat().st_mode & 0o077)
    except OSError:
        return False
