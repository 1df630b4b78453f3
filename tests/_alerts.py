"""Alert rows of any kind put straight in, for pages and figures that only read. The engine is tested elsewhere."""

import datetime as dt
import uuid

from fieldapp.models import Alert, AlertTransition
from tests._world import Person, World


def add_alert(
    world: World,
    person: Person,
    kind: str,
    subject_id: uuid.UUID,
    *,
    client: str | None = None,
    episode: uuid.UUID | None = None,
    at: dt.datetime | None = None,
) -> str:
    """An alert of this kind that has just opened (or at `at`) in the person's team; its id."""
    alert_id, at = uuid.uuid4(), at or world.clock.now()
    with world.database.transaction() as session:
        session.add(
            Alert(
                id=alert_id,
                kind=kind,
                subject_id=subject_id,
                client_id=uuid.UUID(client) if client else None,
                team_id=uuid.UUID(person.teams[0].id),
                episode=episode or subject_id,
                state="open",
                step=0,
                round=1,
                ladder_from=at,
                step_began_at=at,
                opened_at=at,
                due_at=at,
                topic=alert_id.hex,
            )
        )
        session.flush()
        opened = {"event": "opened", "to_state": "open", "step": 0, "round": 1}
        session.add(AlertTransition(alert_id=alert_id, at=at, **opened))
    return str(alert_id)
