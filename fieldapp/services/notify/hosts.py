"""Which host names mean this machine."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether the name, or the address (an IPv6 one without brackets), means this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
