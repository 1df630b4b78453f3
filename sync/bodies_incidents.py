"""Bodies of incidents: in the client's home, which make a case, and against staff."""

from typing import Annotated

from msgspec import Meta

from sync.bodies_base import Body, Line, StaffIds
from sync.bodies_cases import CaseStep
from sync.codes import ClientRole, VisitPlace
from sync.codes_incidents import (
    HousingIncident,
    IncidentBy,
    IncidentStatus,
    Injury,
    Retreat,
    StaffIncident,
    StaffSupport,
)

HousingIncidents = Annotated[tuple[HousingIncident, ...], Meta(min_length=1, max_length=50)]
StaffIncidents = Annotated[tuple[StaffIncident, ...], Meta(min_length=1, max_length=50)]


class HousingIncidentLogged(CaseStep, frozen=True, kw_only=True):
    """Opens a case about what has happened in the home; whether the client causes or suffers it is always said."""

    what: HousingIncidents
    client_role: ClientRole
    landlord_informed: bool | None = None
    status: IncidentStatus | None = None


class HousingIncidentUpdated(CaseStep, frozen=True, kw_only=True):
    """Goes on with it; what is left out stays as it was."""

    what: HousingIncidents | None = None
    client_role: ClientRole | None = None
    landlord_informed: bool | None = None
    status: IncidentStatus | None = None


class StaffIncidentLogged(Body, frozen=True, kw_only=True):
    """Threats or violence against somebody at work: the author and the leader read all of it, others its kinds."""

    kinds: StaffIncidents
    by: IncidentBy
    injury: Injury | None = None
    could_retreat: Retreat | None = None
    place: VisitPlace | None = None
    with_staff: StaffIds = ()
    support: Annotated[tuple[StaffSupport, ...], Meta(max_length=50)] = ()
    in_system: bool | None = None
    report_number: Line | None = None
