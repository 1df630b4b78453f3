"""An OpenID Connect provider of the tests' own on loopback, of Authlib's server parts: codes good once, PKCE (S256),
the client's secret, signed id_tokens.

with OidcProvider(redirect_uri) as provider:
    provider.subject, provider.acr = "alice", "idporten-loa-high"
    answer = provider.visit(address)     # what a browser would be sent back with: the address with code and state
"""

import dataclasses
import threading
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from fieldapp import clock
from fieldapp.channels.oidc import Provider

CLIENT_ID, CLIENT_SECRET = "sett", "a secret of the client"


class OidcProvider:
    """Starts with `with`. Its attributes are whom it takes the visitor for, and how it lies."""

    def __init__(self, redirect_uri: str) -> None:
        self.client = _Client(redirect_uri)
        self.subject, self.acr = "subject-of-alice", "high"
        self.lies: dict[str, Any] = {}
        """Claims that stand in the id_token in place of the true ones; None takes one out."""
        self.published: dict[str, Any] = {}
        """The same for what it publishes of itself."""
        self.key = self.signs_with = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.algorithm = "RS256"
        self.codes: dict[str, _Code] = {}
        self.asked: list[dict[str, str]] = []
        """What came to the authorization endpoint."""
        self._server = make_server("127.0.0.1", 0, _app(self), threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.port}"

    def become_known_to(self, app: Flask, *levels: str) -> None:
        """Have an application sign people in here, at one of these levels."""
        told = {"oidc_issuer": self.issuer, "oidc_client_id": CLIENT_ID, "oidc_client_secret": CLIENT_SECRET}
        settings = dataclasses.replace(app.extensions["settings"], **told, oidc_min_acr=levels, oidc_name="Kommunen")
        app.extensions["settings"], app.extensions["oidc"] = settings, Provider(settings)

    def visit(self, address: str) -> str:
        """Sign in there as `subject`; path and query of where the browser is sent afterwards."""
        answer = requests.get(address, allow_redirects=False, timeout=30)
        assert answer.status_code == 302, answer.text
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Client(ClientMixin):
    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri
        self.client_id = CLIENT_ID

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Code(AuthorizationCodeMixin):
    def __init__(self, payload: Any, acr: str) -> None:
        self.redirect_uri, self.scope = payload.redirect_uri, payload.scope
        self.code_challenge = payload.data.get("code_challenge")
        self.code_challenge_method = payload.data.get("code_challenge_method")
        self.nonce, self.acr, self.auth_time = payload.data.get("nonce"), acr, int(clock.now().timestamp())

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> str:
        return self.acr

    def get_amr(self) -> None:
        return None


def _codes(provider: OidcProvider) -> type[grants.AuthorizationCodeGrant]:
    class CodeGrant(grants.AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            provider.codes[code] = _Code(request.payload, provider.acr)

        def query_authorization_code(self, code: str, client: Any) -> Any:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Any) -> None:
            provider.codes = {code: one for code, one in provider.codes.items() if one is not authorization_code}

        def authenticate_user(self, authorization_code: Any) -> str:
            return provider.subject

    return CodeGrant


def _id_tokens(provider: OidcProvider) -> OpenIDCode:
    class IdToken(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def generate_user_info(self, user: str, scope: str) -> UserInfo:
            return UserInfo(sub=user, preferred_username="mona@kommune.example")

        def encode_id_token(self, token: Any, request: Any) -> str:
            now = int(clock.now().timestamp())
            claims: dict[str, Any] = {"iss": provider.issuer, "aud": [CLIENT_ID], "iat": now, "exp": now + 600}
            claims |= self.get_authorization_code_claims(request.authorization_code)
            claims |= self.generate_user_info(request.user, "openid")
            claims = {name: value for name, value in (claims | provider.lies).items() if value is not None}
            header = {"alg": provider.algorithm, "kid": "one"}
            return jwt.encode(header, claims, provider.signs_with, [provider.algorithm])

    return IdToken(require_nonce=True)


def _app(provider: OidcProvider) -> Flask:
    app = Flask("an OpenID Connect provider")
    server = AuthorizationServer(app, query_client=lambda name: provider.client if name == CLIENT_ID else None,
                                 save_token=lambda token, request: None)  # fmt: skip
    server.register_grant(_codes(provider), [_id_tokens(provider), CodeChallenge(required=True)])

    @app.get("/authorize")
    def authorize() -> Any:
        provider.asked.append(dict(request.args))
        grant = server.get_consent_grant(end_user=provider.subject)
        return server.create_authorization_response(grant_user=provider.subject, grant=grant)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/keys")
    def keys() -> Any:
        return {"keys": [provider.key.as_dict(private=False)]}

    @app.get("/.well-known/openid-configuration")
    def published() -> Any:
        return {
            "issuer": provider.issuer,
            "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token",
            "jwks_uri": f"{provider.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        } | provider.published

    return app
