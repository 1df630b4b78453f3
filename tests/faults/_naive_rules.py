"""The rules of the alert engine once more, read from its design and written as plainly as can be; nothing is shared
with the engine, not even the calendar.

A client is the list of all that was said about her and still stands. Whatever is asked is computed from the start of
that list, every time: when her clock runs out, whose alert it is, whether it rings or waits.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
DAY = dt.timedelta(days=1)
HOLIDAYS = {
    *(dt.date(2026, month, day) for month, day in ((1, 1), (4, 2), (4, 3), (4, 5), (4, 6), (5, 1), (5, 14), (5, 17))),
    *(dt.date(2026, month, day) for month, day in ((5, 24), (5, 25), (12, 25), (12, 26))),
    *(dt.date(2027, month, day) for month, day in ((1, 1), (3, 25), (3, 26), (3, 28), (3, 29), (5, 1), (5, 6))),
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
USUAL_SHIFTS = {"day": ["07:30", "15:00"], "evening": ["15:00", "22:30"], "night": ["22:30", "07:30"]}
ALWAYS_PAUSING = ("admitted", "treatment", "detox", "prison", "travel")
TIGHT_AFTER = ("admitted", "treatment", "detox", "prison")


@dataclass(frozen=True)
class Said:
    """One accepted entry. `at` is its clock time: a wrong phone clock never hides an alert."""

    id: uuid.UUID
    type: str
    at: dt.datetime
    body: dict[str, Any]
    corrects: uuid.UUID | None = None


def clock_time(raw: dict[str, Any], sent_at: dt.datetime, received_at: dt.datetime) -> dt.datetime:
    """The earliest of corrected time, `occurred_at` + (received - `sent_at`), and received."""
    occurred = dt.datetime.fromisoformat(raw["occurred_at"])
    offset = 0 if raw.get("time_chosen") else raw.get("clock_offset_ms") or 0
    times = (occurred + dt.timedelta(milliseconds=offset), occurred + (received_at - sent_at), received_at)
    return min(times).astimezone(dt.UTC)


def wall(day: dt.date, clock: str) -> dt.datetime:
    """A Norwegian wall clock on a day; `24:00` is midnight at its end."""
    if clock == "24:00":
        day, clock = day + DAY, "00:00"
    hour, minute = clock.split(":")
    return dt.datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=OSLO).astimezone(dt.UTC)


def span(day: dt.date, begins: str, ends: str) -> tuple[dt.datetime, dt.datetime]:
    """A shift or an opening that begins on this day; one that does not end after it began ends the next day."""
    return wall(day, begins), wall(day if ends > begins else day + DAY, ends)


def day_of(at: dt.datetime) -> dt.date:
    return at.astimezone(OSLO).date()


def standing(said: Iterable[Said]) -> list[Said]:
    """What stands, oldest first: without what was taken back, and with rettinger put in."""
    ordered = sorted(said, key=lambda one: (one.at, str(one.id)))
    struck, texts = set(), {}
    for one in ordered:
        if one.corrects and one.body["what"] == "text":
            texts[one.corrects] = one.body["body"]
        elif one.corrects:
            struck.add(one.corrects)
    kept = [one for one in ordered if not one.corrects and one.id not in struck]
    return [Said(one.id, one.type, one.at, one.body | texts.get(one.id, {})) for one in kept]


class Team:
    """One team's hours and duty list, from what was said about the team."""

    def __init__(self, said: Iterable[Said]) -> None:
        said = list(said)
        self.now_said = standing(said)
        hours = [one.body for one in self.now_said if one.type == "team_hours_set"]
        self.hours: dict[str, Any] | None = hours[-1] if hours else None
        self.has_duty_list = any(one.type == "duty_set" for one in said)
        self._spans: dict[dt.date, list[tuple[dt.datetime, dt.datetime]]] = {}

    def opens_at(self, now: dt.datetime) -> dt.datetime | None:
        """When it opens next; None when it is open, has no hours, or does not open within 60 days."""
        if self.hours is None:
            return None
        for offset in range(-1, 62):
            for opens, closes in self._spans_of(day_of(now) + offset * DAY):
                if closes <= now:
                    continue
                if opens <= now or opens >= now + 60 * DAY:
                    return None
                return opens
        return None

    def _spans_of(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        assert self.hours is not None
        if day not in self._spans:
            name = "sun" if day in HOLIDAYS else WEEKDAYS[day.weekday()]
            closed = day.isoformat() in self.hours.get("closed_days", [])
            week = [] if closed else self.hours["hours"].get(name, [])
            self._spans[day] = sorted(span(day, *one) for one in week)
        return self._spans[day]

    def shifts(self) -> dict[str, list[str]]:
        return USUAL_SHIFTS | ((self.hours or {}).get("shifts") or {})

    def rule(self) -> str | None:
        return self.hours["when_closed"] if self.hours else None

    def on_duty(self, now: dt.datetime, always: set[uuid.UUID]) -> set[uuid.UUID]:
        """Who is on duty; `always`: the fieldworkers and leaders of a team that never made a duty list.

        Such a team's people are on duty as long as it is open.
        """
        if not self.has_duty_list:
            return set() if self.opens_at(now) else always
        spans = (one.body for one in self.now_said if one.type == "duty_set" and one.body["duty"] == "duty")
        covering = (body for body in spans if moment(body["from_at"]) <= now < moment(body["to_at"]))
        return {uuid.UUID(body["staff_id"]) for body in covering}


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)


class Life:
    """One client, read from the start."""

    def __init__(self, said: Iterable[Said], team: Team) -> None:
        self.said = standing(said)
        self.team = team
        self.terms: dict[str, Any] = {"mode": "interval"}
        for one in self.all("client_registered"):
            self.terms |= one.body.get("watch") or {}
        for one in self.all("watch_set"):
            self.terms = one.body
        self.interval = dt.timedelta(minutes=self.terms.get("interval_minutes") or 1440)

    def all(self, *types: str) -> list[Said]:
        return [one for one in self.said if one.type in types]

    def is_registered(self) -> bool:
        return bool(self.all("client_registered"))

    # --- when it runs out -------------------------------------------------------------------------------------------

    def due_at(self) -> dt.datetime | None:
        """The moment an alert about the client is due; None while nobody is to watch, or an absence has no end yet."""
        frame = self.all("follow_up_ended", "follow_up_resumed")
        has_ended = frame and frame[-1].type == "follow_up_ended"
        if self.terms["mode"] == "off" or has_ended or not self.is_registered():
            return None
        absences = self.absences()
        ends = [end for kind, end in absences if self.pauses(kind)]
        if None in ends:
            return None
        seen = max(self.contacts(), default=None)
        base = max([self.turned_on(), *(end for end in ends if end), *([seen] if seen else [])])
        runs_out = self.shift_end(base, seen) if self.terms["mode"] == "each_shift" else base + self.tightened(base)
        checks = self.checks_by_hand()
        return checks[-1][1] if checks and checks[-1][0] >= runs_out else runs_out

    def turned_on(self) -> dt.datetime:
        """The registration, the newest agreement that turned the clock from off to on, or follow-up taken up again."""
        registered = self.all("client_registered")[0]
        since = registered.at
        mode = (registered.body.get("watch") or {}).get("mode", "interval")
        for one in self.all("watch_set", "follow_up_resumed"):
            if one.type == "follow_up_resumed":
                since = max(since, one.at)
            else:
                if mode == "off" and one.body["mode"] != "off":
                    since = one.at
                mode = one.body["mode"]
        return max(since, registered.at)

    def pauses(self, kind: str) -> bool:
        return kind in ALWAYS_PAUSING or (kind == "with_others" and bool(self.terms.get("pause_with_others")))

    def absences(self) -> list[tuple[str, dt.datetime | None]]:
        """(kind, end): the return that was logged or the expected end, whichever comes first; None without either."""
        found = []
        for start in self.all("absence_started"):
            end = expected_end(start.body)
            for asked in self.about(start, "absence_confirmed"):
                if expected_end(asked.body):
                    end = expected_end(asked.body)
                elif end and end <= asked.at:
                    end = None  # still away, though the end has passed
            back = [one.at for one in self.about(start, "absence_ended")][:1]
            found.append((start.body["kind"], min([*back, *([end] if end else [])], default=None)))
        return found

    def about(self, start: Said, type: str) -> list[Said]:
        return [one for one in self.all(type) if one.body["absence_id"] == start.body["absence_id"]]

    def contacts(self) -> list[dt.datetime]:
        counts, sources = self.terms.get("counts") or ["seen"], self.terms.get("sources") or []
        found = []
        for one in self.said:
            degree = degree_of(one.type, one.body)
            agreed = degree == "seen" or degree in counts
            if degree == "reported" and sources and one.body["source"] not in sources:
                agreed = False
            if degree and agreed:
                told = one.body.get("seen_at") if one.type == "alert_resolved" else None
                found.append(min(one.at, moment(told)) if told else one.at)
        return found

    def tightened(self, base: dt.datetime) -> dt.timedelta:
        """Half the interval in the agreed days after a discharge, detox, treatment or release."""
        home = [end for kind, end in self.absences() if kind in TIGHT_AFTER and end]
        days = (self.terms.get("tighten_days") or 0) * DAY
        return self.interval / 2 if home and base < max(home) + days else self.interval

    def shift_end(self, base: dt.datetime, seen: dt.datetime | None) -> dt.datetime:
        """The end of the first agreed shift from now on in which the client was not seen."""
        ends = []
        for offset in range(-2, 5):
            for name in self.terms.get("shifts") or ["day", "evening"]:
                begins, end = span(day_of(base) + offset * DAY, *self.team.shifts()[name])
                if end > base and not (seen and begins <= seen < end):
                    ends.append(end)
        return min(ends)

    def checks_by_hand(self) -> list[tuple[dt.datetime, dt.datetime]]:
        """(ended by hand at, look again at): as asked or one interval on, never more than 24 hours ahead."""
        found = []
        for one in self.all("alert_resolved"):
            if one.body.get("outcome") != "was_seen":
                asked = one.body.get("next_check_at")
                wanted = moment(asked) if asked else one.at + self.interval
                found.append((one.at, max(one.at, min(wanted, one.at + DAY))))
        return found

    # --- whose it is, and whether it waits --------------------------------------------------------------------------

    def handed_to(self, now: dt.datetime) -> tuple[uuid.UUID, dt.datetime] | None:
        """The team that has the watch now because somebody there took it by name, and until when."""
        running = []
        for asked in self.all("watch_handed_over"):
            taken = [one.at for one in self.all("watch_taken_over") if one.body["handed_over_id"] == str(asked.id)]
            until = moment(asked.body["until_at"])
            if taken and taken[0] <= now < until:
                running.append((until, uuid.UUID(asked.body["to_team_id"])))
        return max(running)[::-1] if running else None

    def waits_until(self, now: dt.datetime) -> dt.datetime | None:
        """When an alert that is due now becomes open; None: it rings at once."""
        opens_at = self.team.opens_at(now)
        if opens_at is None or self.handed_to(now):
            return None
        return opens_at if (self.terms.get("when_closed") or self.team.rule()) == "wait" else None


def expected_end(body: dict[str, Any]) -> dt.datetime | None:
    """A date alone means 12:00."""
    if body.get("expected_end_at"):
        return moment(body["expected_end_at"])
    return wall(dt.date.fromisoformat(body["expected_end_on"]), "12:00") if body.get("expected_end_on") else None


def degree_of(type: str, body: dict[str, Any]) -> str | None:
    """What an entry says about having met the client: seen, heard, reported, or nothing that could stop a clock."""
    if type == "visit_logged":
        if body["outcome"] == "declined":
            return {"seen": "seen", "none": None}.get(body.get("contact", "heard"), "heard")
        if body["outcome"] == "cancelled":
            return {"seen": "seen", "heard": "heard"}.get(body.get("contact", "none"))
        return {"seen": "seen", "heard": "heard"}.get(body["outcome"])
    if type == "call_logged":
        spoke = body["outcome"] == "spoke" or (body["outcome"] == "message" and body["direction"] == "in")
        return "heard" if spoke and body.get("with", "client") == "client" else None
    if type == "home_entered":
        return "seen" if body["found"] in ("ok", "needs_help", "injured") else None
    if type == "sighting_reported":
        return "reported" if body.get("what", "seen") == "seen" else None
    if type == "alert_resolved":
        return "seen" if body.get("outcome") == "was_seen" else None
    return "seen" if type == "street_contact_logged" else None
