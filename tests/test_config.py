"""Settings: what is read, what is refused with a sentence, and the secret that is made once."""

import threading
import traceback
from pathlib import Path

import pytest
from sqlalchemy import make_url

from fieldapp.config import NAMES, ConfigError, Settings, misspelled


def read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_env({"FIELDAPP_DATA_DIR": str(tmp_path)} | {f"FIELDAPP_{k}": v for k, v in environ.items()})


def test_nothing_needs_to_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_env({})
    assert settings.data_dir == tmp_path / "instance"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/fieldapp.db"
    assert settings.tick_seconds == 5
    assert settings.trusted_proxies == ()
    assert settings.metrics_token == ""


def test_an_empty_value_counts_as_unset(tmp_path: Path) -> None:
    empty = read(tmp_path, PUBLIC_URL="", TICK_SECONDS=" ", PUSH_HOSTS="", LOG_FORMAT="", DATABASE_URL="")
    assert empty == read(tmp_path)


def test_the_secret_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert len(first) >= 32
    assert read(tmp_path).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_processes_that_start_together_agree_on_the_secret(tmp_path: Path) -> None:
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(read(tmp_path).secret_key)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_means_psycopg_3(tmp_path: Path, scheme: str) -> None:
    assert read(tmp_path, DATABASE_URL=f"{scheme}://u:p@h/d").database_url == "postgresql+psycopg://u:p@h/d"


def test_secrets_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("a token\n")
    (tmp_path / "url").write_text("postgresql://u:p@h/d\n")
    settings = read(tmp_path, METRICS_TOKEN_FILE=str(tmp_path / "token"), DATABASE_URL_FILE=str(tmp_path / "url"))
    assert settings.metrics_token == "a token"
    assert settings.database_url == "postgresql+psycopg://u:p@h/d"


def test_lists_are_comma_separated(tmp_path: Path) -> None:
    settings = read(tmp_path, PUSH_HOSTS="127.0.0.1:9000, Push.example:443", TRUSTED_PROXIES="10.0.0.1,fd00::/8")
    assert settings.push_hosts == ("127.0.0.1:9000", "push.example:443")
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.1/32", "fd00::/8"]


def test_no_secret_is_shown_when_settings_are_printed(tmp_path: Path) -> None:
    secrets = {"SECRET_KEY": "very secret indeed", "METRICS_TOKEN": "hush", "WEBHOOK_URL": "https://h/k3y"}
    shown = repr(read(tmp_path, DATABASE_URL="postgresql://bob:p4ss@h/d", **secrets))
    assert not any(secret in shown for secret in ("very secret", "hush", "k3y", "p4ss"))


PASSWORD = "kanin4713"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", f"postgresql://bob:en@{PASSWORD}@db.example/sett"),
        ("DATABASE_URL", f"postgresql://bob:{PASSWORD}@{PASSWORD}@db.example:5432/sett"),
        ("DATABASE_URL", f"postgresql://bo/b:{PASSWORD}@db.example/sett"),
        ("DATABASE_URL", f"postgresql://bob@{PASSWORD}@db.example/sett"),
        ("DATABASE_URL", f"postgresql://bob:en@to:{PASSWORD}@db.example:5432/sett"),
        ("DATABASE_URL", f"postgresql://db.example/bob:{PASSWORD}@sett"),
        ("DATABASE_URL", f"postgresql:/bob:{PASSWORD}@db.example/sett"),
        ("DATABASE_URL", f"postgresql://bob:x@db.example:{PASSWORD}/sett"),
        ("DATABASE_URL", f"mysql://bob:{PASSWORD}@db.example/sett"),
        ("SMTP_URL", f"smtp://bob:12/{PASSWORD}@mail.example:587"),
        ("SMTP_URL", f"smtp://bob:12?{PASSWORD}@mail.example:587"),
        ("SMTP_URL", f"smtp://bob:12#{PASSWORD}@mail.example:587"),
        ("SMTP_URL", f"smtp://bob:en@{PASSWORD}@mail.example:587"),
        ("WEBHOOK_URL", f"https://bob:12/{PASSWORD}@sms.example/send"),
    ],
)
def test_an_address_whose_password_could_be_taken_for_something_else_is_refused(
    tmp_path: Path, name: str, url: str
) -> None:
    """Every error would name that something else: a host, a database, a port."""
    with pytest.raises(ConfigError, match=f"FIELDAPP_{name}") as refused:
        read(tmp_path, **{name: url})
    told = "".join(traceback.format_exception(refused.value))
    assert PASSWORD not in told
    assert "12" not in str(refused.value)


def test_a_password_whose_odd_letters_are_escaped_is_taken(tmp_path: Path) -> None:
    url = "postgresql://bob%40sett:p%40s%3As%2F%23@db.example:5432/sett?sslmode=require"
    assert make_url(read(tmp_path, DATABASE_URL=url).database_url).password == "p@s:s/#"


def test_the_municipalitys_own_sign_in_is_whole_or_not_at_all(tmp_path: Path) -> None:
    issuer, client = {"FIELDAPP_OIDC_ISSUER": "https://idporten.no"}, {"FIELDAPP_OIDC_CLIENT_ID": "sett"}
    public = {"FIELDAPP_PUBLIC_URL": "https://sett.example"}
    base = {"FIELDAPP_DATA_DIR": str(tmp_path)}
    for given, missing in ((issuer | public, "OIDC_CLIENT_ID"), (issuer | client, "PUBLIC_URL")):
        with pytest.raises(ConfigError, match=missing):
            Settings.from_env(base | given)
    with pytest.raises(ConfigError, match="OIDC_ISSUER må begynne med https"):
        Settings.from_env(base | client | public | {"FIELDAPP_OIDC_ISSUER": "http://idporten.no"})
    secret, levels = tmp_path / "oidc", {"FIELDAPP_OIDC_MIN_ACR": "idporten-loa-substantial, idporten-loa-high"}
    secret.write_text("hemmelig nok\n")
    settings = Settings.from_env(
        base | issuer | client | public | levels | {"FIELDAPP_OIDC_CLIENT_SECRET_FILE": str(secret)}
    )
    assert settings.oidc_client_secret == "hemmelig nok"
    assert settings.oidc_min_acr == ("idporten-loa-substantial", "idporten-loa-high")
    assert settings.oidc_name == "idporten.no"
    assert "hemmelig nok" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://h/d"),
        ("DATABASE_URL", "no address"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
        ("PUBLIC_URL", "sett.example"),
        ("PUBLIC_URL", "https://sett .example"),
        ("PUBLIC_URL", "https://sett.example/app"),
        ("PUBLIC_URL", "https://sett.example/?a=b"),
        ("PUBLIC_URL", "https://sett.example?"),
        ("PUBLIC_URL", "https://sett.example/#x"),
        ("PUBLIC_URL", "https://ada:hemmelig@sett.example"),
        ("HEARTBEAT_URL", "https://vakt.example/a b"),
        ("WEBHOOK_URL", "https://sms.example\\@else.example/"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://h:99999999"),
        ("VAPID_SUBJECT", "drift@sett.example"),
        ("VAPID_SUBJECT", "mailto:"),
        ("PUSH_HOSTS", "push.example"),
        ("PUSH_HOSTS", "push.example:x"),
        ("PUSH_HOSTS", "a@b:1"),
        ("TICK_SECONDS", "0"),
        ("TICK_SECONDS", "soon"),
        ("TICK_SECONDS", "nan"),
        ("TICK_SECONDS", "inf"),
        ("HEARTBEAT_URL", "ftp://h"),
        ("SMTP_URL", "https://h"),
        ("WEBHOOK_URL", "h"),
        ("TRUSTED_PROXIES", "proxy"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"FIELDAPP_{name}.*\\.$"):
        read(tmp_path, **{name: value})


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("one")
    with pytest.raises(ConfigError, match="FIELDAPP_METRICS_TOKEN"):
        read(tmp_path, METRICS_TOKEN="two", METRICS_TOKEN_FILE=str(tmp_path / "token"))


def test_a_data_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="FIELDAPP_DATA_DIR"):
        Settings.from_env({"FIELDAPP_DATA_DIR": str(tmp_path / "file" / "below")})


def test_every_setting_is_listed_and_no_other(tmp_path: Path) -> None:
    asked = _Noting()
    Settings.from_env(asked | {"FIELDAPP_DATA_DIR": str(tmp_path)})
    with_oidc = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "sett", "PUBLIC_URL": "https://sett.example"}
    given = {f"FIELDAPP_{name}": value for name, value in with_oidc.items()}
    Settings.from_env(asked | given | {"FIELDAPP_DATA_DIR": str(tmp_path)})
    names = {name.removeprefix("FIELDAPP_") for name in asked.names}
    assert {name for name in names if not name.endswith("_FILE")} == set(NAMES)
    for name in names:
        assert misspelled({f"FIELDAPP_{name}": "x"}) == []


class _Noting(dict[str, str]):
    """An environment that notes what is asked of it."""

    def __init__(self, *given: dict[str, str], names: set[str] | None = None) -> None:
        super().__init__(*given)
        self.names: set[str] = set() if names is None else names

    def __or__(self, other: dict[str, str]) -> "_Noting":  # type: ignore[override]
        return _Noting(dict(self) | other, names=self.names)

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("FIELDAPP_PUBLIC_URI", "FIELDAPP_PUBLIC_URL"),
        ("FIELDAPP_DATABASEURL", "FIELDAPP_DATABASE_URL"),
        ("fieldapp_smtp_url", "FIELDAPP_SMTP_URL"),
        ("FIELDAPP_SECRETKEY_FILE", "FIELDAPP_SECRET_KEY_FILE"),
        ("FIELDAPP_QQQ", ""),
    ],
)
def test_a_misspelled_name_is_found_with_what_was_meant(name: str, meant: str) -> None:
    assert misspelled({name: "x", "HOME": "/root"}) == [(name, meant)]
