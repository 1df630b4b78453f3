"""What holds for every route: where writes may come from, how large they may be, what every answer carries."""

import dataclasses
import io
import ipaddress
from collections.abc import Callable, Iterator

import pytest
from flask import Blueprint, Flask, request

from fieldapp.app import create_app
from fieldapp.config import Settings
from fieldapp.security import access
from tests._client import CheckedClient
from tests._world import World

pytestmark = pytest.mark.engines("sqlite")

SESSION = "/api/session"
NOBODY = {"username": "nobody", "password": "x"}
JSON = "application/json"


def code(answer) -> str:
    return answer.get_json()["code"]


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_write_from_our_own_pages_passes(client: CheckedClient, site: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Origin": "https://sett.example"}
    assert code(client.post(SESSION, json=NOBODY, headers=headers)) == "bad_credentials"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://sett.example"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://sett.example.evil.example"},
        {"Origin": "https://sett.example:8443"},
        {"Origin": "null"},
        {"Origin": "https://[broken"},
    ],
)
@pytest.mark.parametrize("path", [SESSION, "/logg-inn", "/finnes-ikke"])
def test_a_write_from_elsewhere_is_stopped(client: CheckedClient, path: str, headers: dict[str, str]) -> None:
    answer = client.post(path, json=NOBODY, headers=headers)
    assert answer.status_code == 403
    assert "annet nettsted" in answer.text
    assert client.delete(SESSION, headers=headers).status_code == 403


def test_who_says_nothing_of_where_it_comes_from_is_no_browser(client: CheckedClient) -> None:
    assert code(client.post(SESSION, json=NOBODY)) == "bad_credentials"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_machine_endpoint_takes_json_only(client: CheckedClient, kind: str) -> None:
    answer = client.post(SESSION, data="{}", content_type=kind)
    assert (answer.status_code, code(answer)) == (415, "not_json")


def test_a_body_over_the_limit_is_read_to_its_end_and_refused(client: CheckedClient) -> None:
    at_limit = client.post(SESSION, data=b" " * 256 * 1024, content_type=JSON)
    assert code(at_limit) == "malformed"
    answer = client.post(SESSION, data=b" " * (256 * 1024 + 1), content_type=JSON)
    assert (answer.status_code, code(answer)) == (413, "too_large")


@pytest.mark.parametrize("path", [SESSION, "/api/sync"])
def test_a_body_in_chunks_is_measured_too(client: CheckedClient, path: str) -> None:
    stream = io.BytesIO(b" " * (300 * 1024))
    answer = client.post(
        path,
        input_stream=stream,
        content_type=JSON,
        environ_overrides={"wsgi.input_terminated": True},
        headers={"Transfer-Encoding": "chunked"},
    )
    assert (answer.status_code, code(answer)) == (413, "too_large")


@pytest.mark.parametrize("path", ["/a%00b", "/api/a%00b", "/felt/%00"])
def test_an_address_with_nul_is_nowhere(client: CheckedClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_nul_in_a_form_or_query_is_malformed(client: CheckedClient) -> None:
    assert client.post("/logg-inn", data={"username": "a\0", "password": "x"}).status_code == 400
    assert client.get("/logg-inn?neste=%00").status_code == 400


def test_errors_of_machine_endpoints_are_json_and_of_pages_are_pages(client: CheckedClient) -> None:
    machine, page = client.get("/api/finnes-ikke"), client.get("/finnes-ikke")
    assert machine.status_code == page.status_code == 404
    assert machine.get_json() == {"code": "not_found", "message": "Vi fant ikke det du ser etter."}
    assert page.mimetype == "text/html"
    assert "Vi fant ikke det du ser etter." in page.text
    wrong_method = client.put(SESSION, json={})
    assert (wrong_method.status_code, code(wrong_method)) == (405, "method_not_allowed")
    assert "POST" in wrong_method.headers["Allow"]


def test_every_answer_carries_the_headers(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader")
    answers = [client.get("/logg-inn"), client.get("/finnes-ikke"), client.get(SESSION), alice.get("/konto")]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Strict-Transport-Security"]


def test_what_is_behind_a_login_is_never_stored(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader")
    for answer in (alice.get("/konto"), alice.get(SESSION), client.get(SESSION), client.post(SESSION, json=NOBODY)):
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/logg-inn").headers["Cache-Control"] == "no-cache"


@pytest.fixture
def with_routes(settings: Settings) -> Iterator[Callable[..., CheckedClient]]:
    """A client of an application with a few routes of the test's own."""
    made: list[Flask] = []

    def build(add: Callable[[Blueprint], None], **changed: object) -> CheckedClient:
        app = create_app(dataclasses.replace(settings, **changed))
        bp = Blueprint("own", __name__)
        add(bp)
        app.register_blueprint(bp)
        made.append(app)
        return CheckedClient.of(app)

    yield build
    for app in made:
        app.extensions["db"].dispose()


def test_a_crash_says_nothing_of_what_was_in_the_request(
    with_routes: Callable[..., CheckedClient], capsys: pytest.CaptureFixture[str]
) -> None:
    def add(bp: Blueprint) -> None:
        @bp.post("/api/crash")
        @access("public")
        def crash() -> str:
            raise RuntimeError("stumbled")

    answer = with_routes(add).post("/api/crash?name=Kari", json={"name": "Kari"})
    assert answer.status_code == 500
    assert code(answer) == "server_error"
    assert "stumbled" not in answer.text
    logged = capsys.readouterr().err
    assert "own.crash" in logged
    assert "Kari" not in logged


def test_a_route_without_a_declaration_does_not_exist(with_routes: Callable[..., CheckedClient]) -> None:
    def add(bp: Blueprint) -> None:
        bp.add_url_rule("/forgotten", view_func=lambda: "secret", endpoint="forgotten")

    answer = with_routes(add).get("/forgotten")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def whoami(bp: Blueprint) -> None:
    @bp.get("/api/whoami")
    @access("public")
    def whoami() -> dict[str, str | None]:
        return {"address": request.remote_addr, "scheme": request.scheme, "host": request.host}


FORWARDED = {
    "X-Forwarded-For": "192.0.2.66, 192.0.2.7, 10.0.0.2",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "sett.example",
}
NETWORK = (ipaddress.ip_network("10.0.0.0/8"),)


def told(client: CheckedClient, peer: str) -> dict[str, str]:
    answer = client.get(
        "/api/whoami", base_url="http://inside:8000", headers=FORWARDED, environ_base={"REMOTE_ADDR": peer}
    )
    return answer.get_json()


def test_forwarded_headers_count_only_from_a_trusted_proxy(with_routes: Callable[..., CheckedClient]) -> None:
    as_sent = {"scheme": "http", "host": "inside:8000"}
    assert told(with_routes(whoami), "10.0.0.1") == as_sent | {"address": "10.0.0.1"}
    trusting = with_routes(whoami, trusted_proxies=NETWORK)
    assert told(trusting, "192.0.2.1") == as_sent | {"address": "192.0.2.1"}
    # The nearest address that is not a proxy of ours; what stands before it anybody may have written.
    assert told(trusting, "10.0.0.1") == {"address": "192.0.2.7", "scheme": "https", "host": "sett.example"}


def test_over_plain_http_the_cookie_still_works(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    sent = {"username": alice.username, "password": "riktig hest batteri stift"}
    answer = client.post(SESSION, json=sent, base_url="http://127.0.0.1:8000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("sett=")
    assert "Secure" not in cookie
    assert client.get(SESSION, base_url="http://127.0.0.1:8000").status_code == 200


def test_behind_a_proxy_that_ends_https_the_cookie_is_bound_to_the_host(world: World, client: CheckedClient) -> None:
    alice = world.staff("leader", phone=False)
    sent = {"username": alice.username, "password": "riktig hest batteri stift"}
    cookie = client.post(SESSION, json=sent, base_url="http://sett.example").headers["Set-Cookie"]
    assert cookie.startswith("__Host-sett=")
    assert "Secure" in cookie


@pytest.mark.engines("sqlite")
def test_https_is_asked_for_a_year_and_of_hosts_below(client: CheckedClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/logg-inn", base_url="http://sett.example").headers
    headers = client.get("/logg-inn", base_url="https://sett.example").headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "path",
    ["/static/nothing.css", "/static/x/y.js", "/static/..%2f", "/nothing", "/kontor/nothing/at/all", "/api/nothing"],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "INVENTED"])
def test_every_error_carries_the_headers(client: CheckedClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code in (404, 405), answer.status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    for name in ("X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy"):
        assert answer.headers[name]
