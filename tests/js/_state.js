/** A State as core/replica/replica.js gives it, for tests of what the screens are made of. Owns the builder, no test. */

import "../../fieldapp/static/js/texts/code_words_more.js";

export const NOW = Date.parse("2026-11-24T11:47:00Z"); // 12.47 in Oslo, a Tuesday
export const ME = "00000000-0000-7000-8000-00000000000a";
export const MONA = "00000000-0000-7000-8000-00000000000b";
export const TEAM = "00000000-0000-7000-8000-000000000001";

export const hoursAgo = (hours) => new Date(NOW - hours * 3_600_000).toISOString();

/** A watched client, last seen so many hours ago, on 24 hours. */
export const watched = (id, name, seenHoursAgo, more = {}) => ({
  id,
  name,
  team_ids: [TEAM],
  primary_staff_id: ME,
  watch: {
    mode: "interval",
    interval_minutes: 1440,
    counts: ["seen"],
    last_seen_at: hoursAgo(seenHoursAgo),
    due_at: hoursAgo(seenHoursAgo - 24),
    paused_by: null,
  },
  ...more,
});

export const unwatched = (id, name, more = {}) => ({
  id,
  name,
  team_ids: [TEAM],
  primary_staff_id: ME,
  watch: { mode: "off" },
  ...more,
});

export const entry = (id, client_id, type, hours, body = {}, more = {}) => ({
  id,
  client_id,
  type,
  body,
  author_id: MONA,
  occurred_at: hoursAgo(hours),
  corrected_at: hoursAgo(hours),
  local: null,
  ...more,
});

const byId = (list) => new Map(list.map((one) => [one.id, one]));

export function aState({
  clients = [],
  entries = [],
  alerts = [],
  cases = [],
  absences = [],
  duty = [],
  retracted = [],
  visits = [],
  handOvers = [],
  hours = [],
} = {}) {
  return {
    me: { id: ME, name: "Jonas Berg", role: "leader", teams: [{ id: TEAM, name: "FACT Nord", kind: "fact" }] },
    nowMs: NOW,
    staff: byId([
      { id: ME, name: "Jonas Berg", team_ids: [TEAM] },
      { id: MONA, name: "Mona Lie", team_ids: [TEAM] },
    ]),
    teams: byId([{ id: TEAM, name: "FACT Nord", kind: "fact" }]),
    clients: byId(clients),
    entries: byId(entries),
    alerts: byId(alerts),
    cases: byId(cases),
    absences: byId(absences),
    duty,
    visits: byId(visits),
    handOvers: byId(handOvers),
    hours: new Map(hours.map((one) => [one.team_id, one])),
    risks: new Map(),
    entriesOf: (id) =>
      entries.filter((one) => one.client_id === id).sort((a, b) => b.corrected_at.localeCompare(a.corrected_at)),
    retracted: new Set(retracted),
    outbox: { pending: 0, held: [], others: 0, unsent: 0 },
    sync: { lastAt: hoursAgo(0), lastOutcome: "ok", alertingOk: true, online: true, signedOut: false },
  };
}
