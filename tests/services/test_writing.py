"""Ids made with the rows of one INSERT … SELECT, and finding those rows again."""

from sqlalchemy import delete, select

from fieldapp.db import Database
from fieldapp.models import Alert, AlertTransition, Change, Client
from fieldapp.models.change import mark_changed, mark_new
from fieldapp.services.writing import Batch
from tests._scene import NOON, Scene, minutes


def test_every_row_of_a_select_gets_an_id_of_the_batch_and_of_no_other(database: Database) -> None:
    scene = Scene(database)
    scene.clients(scene.team(), 50, due_at=NOON - minutes(1))
    one, other = Batch(), Batch()
    with database.reading() as session:
        ids = set(session.scalars(select(one.fresh()).select_from(Client)))
    assert len(ids) == 50
    assert {id_.version for id_ in ids | {one.draw()}} == {7}
    assert all(id_.hex[:20] == one.draw().hex[:20] != other.draw().hex[:20] for id_ in ids)


def test_the_next_select_of_a_batch_gets_other_ids(database: Database) -> None:
    scene = Scene(database)
    scene.clients(scene.team(), 3, due_at=NOON - minutes(1))
    batch = Batch()
    ids = [batch.draw(), batch.draw()]
    with database.reading() as session:
        for _ in range(2):
            ids += session.scalars(select(batch.fresh()).select_from(Client)).all()
        assert len(set(ids)) == 8
    assert len({id_.hex[:24] for id_ in ids}) == 1


def test_a_batch_finds_its_own_rows_among_others(database: Database) -> None:
    scene = Scene(database)
    team = scene.team()
    scene.clients(team, 3, due_at=NOON - minutes(1))
    scene.open(NOON)
    before = {alert.id for alert in scene.alerts()}
    scene.clients(team, 2, due_at=NOON - minutes(1))
    scene.open(NOON + minutes(1))
    after = {alert.id for alert in scene.alerts()} - before
    assert len(after) == 2
    assert len({id_.hex[:20] for id_ in before}) == len({id_.hex[:20] for id_ in after}) == 1
    assert scene.count(AlertTransition) == 5, "none a second time"


def test_what_is_new_and_changed_again_in_one_transaction_is_one_change(database: Database) -> None:
    scene = Scene(database)
    scene.clients(scene.team(), 3, due_at=NOON - minutes(1))
    scene.open(NOON)
    with database.transaction() as session:
        session.execute(delete(Change))
        alert = scene.alerts()[0]
        mark_new(session, "alert", select(Alert.id, Alert.client_id, Alert.team_id))
        mark_changed(session, "alert", alert.id, client_id=alert.client_id, team_id=alert.team_id)
    with database.reading() as session:
        rows = session.scalars(select(Change).order_by(Change.seq)).all()
    assert len(rows) == len({row.seq for row in rows}) == 3
    assert rows[-1].subject_id == alert.id
