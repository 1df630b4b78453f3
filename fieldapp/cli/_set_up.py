"""Where the first administrator is made: the address with the code, for whoever runs the server."""

from sqlalchemy.orm import Session

from fieldapp import clock
from fieldapp.config import Settings
from fieldapp.services.people import first_start


def set_up_address(session: Session, settings: Settings, base_url: str) -> str:
    """The page with its code behind `#`, which no browser sends to a server. Raises CannotDo once it is not needed."""
    code = first_start.new_code(session, settings.secret_key, clock.now())
    return f"{base_url.rstrip('/')}/oppsett#kode={code}"
