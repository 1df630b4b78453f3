"""Many read and many write at once: every read has its row, and the chain has one order."""

import datetime as dt
import threading
import uuid
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldapp.db import Database
from fieldapp.domain.access import Viewer
from fieldapp.models import ReadLog
from fieldapp.models.read_log import Reader, Shown, append, gap_line, shown
from fieldapp.services.operations.verify_read_log import Told, broken_log

READERS, WRITERS, READS = 6, 2, 25
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def test_rows_of_many_readers_are_one_chain(database: Database) -> None:
    failures: list[BaseException] = []
    handed_out: list[uuid.UUID] = []

    def read_on() -> None:
        viewer = Viewer(uuid.uuid4(), "leader", frozenset({uuid.uuid4()}))
        for _ in range(READS):
            client_id = uuid.uuid4()

            def read(session: Any, client_id: uuid.UUID = client_id) -> uuid.UUID:
                session.scalar(select(func.count()).select_from(ReadLog))  # now SQLite has a moment it must keep to
                shown(session, "client", client_id, opened=True)
                return client_id

            handed_out.append(database.showing(read, Shown(Reader(viewer, "office", NOW))))

    def write_on() -> None:
        for _ in range(READS):
            with database.transaction() as session:
                append(session, [gap_line(NOW, "", {})])

    threads = [threading.Thread(target=kept(work, failures)) for work in [read_on] * READERS + [write_on] * WRITERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Session(database.engine, info=database._info) as session:
        logged = [row for row in session.scalars(select(ReadLog.client_id)) if row]
        assert sorted(logged) == sorted(handed_out)
        assert len(logged) == READERS * READS
        assert list(broken_log(session, Told(session.info["read log"].key))) == []


def kept(work: Any, failures: list[BaseException]) -> Any:
    def run() -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    return run
