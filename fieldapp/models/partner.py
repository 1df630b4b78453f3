"""Partners' links: through one, a pharmacy or a shelter reports about one client, and sees nothing."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fieldapp.models.base import Base, Code
from fieldapp.models.seal import Sealed


class PartnerLink(Sealed, Base):
    """One partner's link for one client. The address holds a random token, this row its hash."""

    __tablename__ = "partner_link"
    SEALED = ("id", "token_hash", "client_id", "staff_id", "source", "created_by", "created_at", "ends_at")

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    client_id: Mapped[uuid.UUID] = mapped_column(index=True)
    """No foreign key: clients are a projection, and a rebuild makes them anew."""
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    """The account that stands as author of what comes through the link; named as the partner, and nobody signs in."""
    source: Mapped[Code]
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    """When it ends by itself, or was ended by hand."""
    last_used_at: Mapped[dt.datetime | None]
