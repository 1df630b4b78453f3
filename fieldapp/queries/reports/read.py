"""The reports by name. Each reads no more than it is made from, and what several are made from is read once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from fieldapp.domain.reports import contacts, events, fidelity, watching
from fieldapp.domain.reports.basis import AlertRow, BoardStay, CaseRow, Decision, Deed, Period, Standing
from fieldapp.domain.reports.table import Table
from fieldapp.models.read_log import shown
from fieldapp.queries.reports import cases, deeds
from fieldapp.queries.reports.asked import Asked, Clients, clients_of


@dataclass(frozen=True)
class Sources:
    """Rows for one question, read when a report first asks for them."""

    session: Session
    asked: Asked

    @cached_property
    def clients(self) -> Clients:
        """Whom it is about. What is counted of them is read for their sake, so the read is logged."""
        found = clients_of(self.session, self.asked)
        for client_id in found.followed.during(self.asked.period):
            shown(self.session, "report", client_id)
        return found

    @cached_property
    def read_deeds(self) -> list[Deed]:
        """Those of the period and of the month that ends with it."""
        longest = max(contacts.IN_DAYS, fidelity.WINDOW)
        from_on = min(self.asked.period.from_on, self.asked.period.last(longest).from_on)
        period = Period(from_on, self.asked.period.to_on)
        return deeds.deeds_of(self.session, self.asked, self.clients, period)

    def deeds_in(self, period: Period) -> list[Deed]:
        """Those of some days."""
        return [deed for deed in self.read_deeds if period.has(deed.at.date())]

    @cached_property
    def deeds(self) -> list[Deed]:
        """Those of the period."""
        return self.deeds_in(self.asked.period)

    @cached_property
    def cases(self) -> list[CaseRow]:
        return cases.cases_of(self.session, self.asked, self.clients)

    @cached_property
    def alerts(self) -> list[AlertRow]:
        return cases.alerts_of(self.session, self.asked)

    @cached_property
    def decisions(self) -> list[Decision]:
        return cases.decisions_of(self.session, self.asked, self.clients)

    @cached_property
    def standing(self) -> Standing:
        return cases.standing_of(self.session, self.asked, self.clients)

    @cached_property
    def incidents(self) -> list[Mapping[str, Any]]:
        return deeds.incidents_of(self.session, self.asked)

    @cached_property
    def board_stays(self) -> list[BoardStay]:
        return deeds.board_stays(self.session, self.asked, self.clients)

    @cached_property
    def fidelity(self) -> fidelity.Basis:
        """What both scales are computed from."""
        weeks = self.asked.period.last(fidelity.WINDOW)
        return fidelity.Basis(
            self.asked.period,
            self.clients.followed,
            self.deeds_in(weeks),
            deeds.board_days(self.session, self.asked, weeks),
            cases.team_of(self.session, self.asked),
        )


def report(session: Session, asked: Asked, name: str) -> Table:
    """One report."""
    return REPORTS[name](Sources(session, asked))


def all_reports(session: Session, asked: Asked) -> dict[str, Table]:
    """Every report, by name."""
    sources = Sources(session, asked)
    return {name: make(sources) for name, make in REPORTS.items()}


def _continuity(sources: Sources) -> Table:
    month = sources.asked.period.last(contacts.IN_DAYS)
    return contacts.continuity(_alive(sources, sources.clients.followed.during(month)), sources.deeds_in(month))


def _not_seen(sources: Sources) -> Table:
    """At the end of the period, or now where that is still to come."""
    asked = sources.asked
    followed = _alive(sources, sources.clients.followed.during(asked.period.last(1)))
    at = min(asked.now, asked.period.ends)
    return watching.not_seen(followed, deeds.last_seen(sources.session, followed, at), at)


def _alive(sources: Sources, client_ids: set[UUID]) -> set[UUID]:
    return client_ids - sources.clients.deceased


REPORTS: dict[str, Callable[[Sources], Table]] = {
    "contacts": lambda s: contacts.contacts(s.deeds),
    "people_seen": lambda s: contacts.people_seen(s.asked.period, s.deeds),
    "continuity": _continuity,
    "hours": lambda s: contacts.hours(s.asked.period, s.deeds, s.decisions, s.clients.followed),
    "missed_visits": lambda s: contacts.missed_visits(s.asked.period, s.deeds),
    "not_seen": _not_seen,
    "alerts": lambda s: watching.alerts(s.alerts),
    "tenancies": lambda s: events.tenancies(s.cases),
    "complaints": lambda s: events.complaints(s.cases),
    "crises": lambda s: events.crises(s.cases),
    "home_entries": lambda s: events.home_entries(s.deeds),
    "staff_incidents": lambda s: events.staff_incidents(s.incidents),
    "street": lambda s: contacts.street(s.asked.period, s.deeds),
    "board": lambda s: events.board(s.asked.period, s.board_stays),
    "fidelity_act": lambda s: fidelity.fidelity_act(s.fidelity),
    "fidelity_hf": lambda s: fidelity.fidelity_hf(s.fidelity),
    "data_quality": lambda s: watching.data_quality(s.standing, s.deeds),
}
"""In the order they are shown."""
