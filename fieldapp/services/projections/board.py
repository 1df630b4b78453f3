"""The team's board: whom the newest word of each team and client puts up, and the team's own columns.

Nothing is lost when two place the same person at once: both entries stay in the client's record, the newest stands.
"""

import uuid

from sqlalchemy.orm import Session

from fieldapp.domain import board as rules
from fieldapp.models import BoardCard, BoardColumns
from fieldapp.models.change import mark_changed
from fieldapp.services.casefile import Pair, case_file
from fieldapp.services.projections.states import body_of, standing
from fieldapp.services.projections.team_settings import newest_of_team
from sync.entry_types import types_that

_MOVES = types_that(lambda row: "board" in row.refreshes)
_SETS_COLUMNS = types_that(lambda row: "board_columns" in row.refreshes)


def refresh_board(session: Session, client_id: uuid.UUID) -> None:
    """Compute anew on whose boards this client is; phones are told what is otherwise than it was."""
    file = case_file(session)
    found = {row.id: row for row in _cards(session, client_id)}
    before = {row.id: _values(row) for row in file.rows(BoardCard, client_id)}
    after = {id_: _values(row) for id_, row in found.items()}
    if before == after:
        return
    file.replace(BoardCard, client_id, found)
    for id_ in before.keys() | after.keys():
        if before.get(id_) != after.get(id_):
            mark_changed(session, "board", id_, client_id=client_id)


def _cards(session: Session, client_id: uuid.UUID) -> list[BoardCard]:
    pairs = {entry.id: (entry, state) for entry, state in standing(session, *_MOVES, client_id=client_id)}
    found = []
    for card in rules.cards([_move(pair) for pair in pairs.values() if _team_of(pair) is not None]):
        body = body_of(*pairs[card.entry_id])
        found.append(
            BoardCard(
                id=card.id,
                client_id=client_id,
                team_id=card.team_id,
                column=card.column,
                since_at=card.since_at,
                review_on=body.review_on,
                placed_entry_id=card.entry_id,
            )
        )
    return found


def _move(pair: Pair) -> rules.Move:
    entry, state = pair
    team_id = _team_of(pair)
    assert team_id is not None  # looked at before
    return rules.Move(state.happened_at(entry), entry.id, team_id, getattr(body_of(entry, state), "column", None))


def _team_of(pair: Pair) -> uuid.UUID | None:
    team_id: uuid.UUID | None = body_of(*pair).team_id
    return team_id or pair[0].team_id


def _values(row: BoardCard) -> tuple[object, ...]:
    return row.team_id, row.column, row.since_at, row.review_on, row.placed_entry_id


def refresh_board_columns(session: Session, team_id: uuid.UUID) -> None:
    """Compute one team's columns anew; a team whose last word was retracted has the usual ones again."""
    newest = newest_of_team(session, _SETS_COLUMNS, team_id)
    row = session.get(BoardColumns, team_id)
    if newest:
        entry, state = newest[-1]
        row = row or BoardColumns(team_id=team_id)
        row.columns, row.set_by_entry_id = state.body["columns"], entry.id
        session.add(row)
    elif row is not None:
        session.delete(row)
    else:
        return
    session.flush()
    mark_changed(session, "board", team_id, team_id=team_id)
