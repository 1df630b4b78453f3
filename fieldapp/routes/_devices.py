"""What in a request shows which device it comes from: its cookie, or the session that was opened on it."""

from uuid import UUID

from fieldapp.routes._web import settings
from fieldapp.security import browser, current


def is_from(device_id: UUID) -> bool:
    """Whether the request carries something that only this device has."""
    person = current()
    return (person is not None and person.device_id == device_id) or browser.read(settings()).is_device(device_id)
