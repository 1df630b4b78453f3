"""The command line as an operator or a script calls it."""

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

import fieldapp.cli
from fieldapp.config import Settings
from tests._wheel import build_wheel


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole program as one file, made once: it takes half a minute."""
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """`run("team", "list")` gives what was written to stdout; anything but `status` fails the test."""

    monkeypatch.setenv("FIELDAPP_SECRET_KEY", settings.secret_key)

    def call(*words: str, stdin: bytes = b"", status: int | None = 0, database_url: str = settings.database_url) -> str:
        monkeypatch.setenv("FIELDAPP_DATABASE_URL", database_url)
        monkeypatch.setenv("FIELDAPP_DATA_DIR", str(settings.data_dir))
        monkeypatch.setattr("sys.argv", ["fieldapp", *words])
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            fieldapp.cli.main()
        written = capsys.readouterr()
        assert status in (ended.value.code or 0, None), written.err
        if status is None:
            return written.out + written.err
        return written.out if status == 0 or not written.err else written.err

    return call
