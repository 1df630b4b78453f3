"""Where a passkey is made for and used: FIELDAPP_PUBLIC_URL, or where it is unset the address of the request."""

import ipaddress
from urllib.parse import urlsplit

from flask import request

from fieldapp.config import Settings
from fieldapp.services.people.passkeys import Site


def passkey_site(settings: Settings) -> Site | None:
    """The site at the address of this request. None where browsers make no passkey (an IP address, plain http), and at
    any other address than FIELDAPP_PUBLIC_URL, where one is set."""
    origin = urlsplit(settings.public_url or request.host_url)
    host = origin.hostname or ""
    if origin.netloc != request.host or _is_address(host) or not (origin.scheme == "https" or host == "localhost"):
        return None
    return Site(host, f"{origin.scheme}://{origin.netloc}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
