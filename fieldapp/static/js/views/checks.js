/** Owns who should be asked after beside the clock: «Sjekk i dag» and «Til neste tavlemøte». Pure. */
import { ENTRY_TYPES } from "../core/entry_types.js";
import { degreeOf } from "../core/replica/contact.js";
import { isEnded, isStanding, occurred, said } from "./people.js";
import { daysAway } from "./words.js";

const DAY = 86_400_000;
/** The days after discharge, detox or release are the most dangerous ones. */
const JUST_OUT_MS = 14 * DAY;
const INSTITUTION = new Set(["admitted", "treatment", "detox", "prison"]);
const SIGNS = new Set(["missed", "worried"]);

/** Somebody has written what would stop a clock, and no clock has heard it: their team did not follow when it came. */
export const withoutEffect = (entry) => Boolean(entry.flags?.includes("no_effect"));

function urgencyOf(entry) {
  if (withoutEffect(entry)) return "today";
  if (entry.type === "concern_raised") return said(entry).urgency ?? "now";
  if (ENTRY_TYPES[entry.type]?.outcome?.[0] === "check_in") return said(entry).what === "ring_me" ? "today" : null;
  return entry.type === "sighting_reported" && SIGNS.has(said(entry).what) ? "today" : null;
}

/** The concerns and sightings of this urgency that nobody has answered, newest first. */
function unanswered(state, urgency) {
  const answered = new Set();
  const raised = [];
  for (const entry of state.entries.values()) {
    if (entry.local === "held" || !isStanding(state, entry)) continue;
    if (ENTRY_TYPES[entry.type]?.points_at === "concern") answered.add(entry.body.entry_id);
    else if (urgencyOf(entry) === urgency) raised.push(entry);
  }
  return raised.filter((entry) => !answered.has(entry.id)).sort((a, b) => occurred(b) - occurred(a));
}

/** One row a client, with what was said of them: [{client, entries}]. */
function byClient(state, entries) {
  const rows = new Map();
  for (const entry of entries) {
    const client = state.clients.get(entry.client_id);
    if (!client || isEnded(client)) continue;
    if (!rows.has(client.id)) rows.set(client.id, { key: `t:${client.id}`, client, entries: [] });
    rows.get(client.id).entries.push(entry);
  }
  return [...rows.values()];
}

// What was dated back and has no effect, nobody had seen before it came.
const since = (entry) => (withoutEffect(entry) ? Date.parse(entry.received_at) : occurred(entry));

/** Somebody on the team has met or heard the person after this. */
const metSince = (state, entry) =>
  state
    .entriesOf(entry.client_id)
    .some(
      (one) =>
        occurred(one) > since(entry) &&
        one.local !== "held" &&
        isStanding(state, one) &&
        ["seen", "heard"].includes(degreeOf(one)),
    );

/** For the duty: who is just out of an institution first, then who has been missed the most days, then the newest. */
export function checksToday(state) {
  const standing = unanswered(state, "today").filter((entry) => !metSince(state, entry));
  return byClient(state, standing)
    .map((row) => ({ ...row, out: justOut(state, row.client.id), days: daysMissed(state, row.entries) }))
    .sort(
      (a, b) =>
        Number(Boolean(b.out)) - Number(Boolean(a.out)) ||
        b.days - a.days ||
        occurred(b.entries[0]) - occurred(a.entries[0]),
    );
}

/** For the next board meeting: only an answer takes it off. */
export const boardConcerns = (state) => byClient(state, unanswered(state, "board"));

/** {kind, at} of the last absence in an institution that ended in the last 14 days, or null. */
function justOut(state, clientId) {
  const [last] = [...state.absences.values()]
    .filter((one) => one.client_id === clientId && INSTITUTION.has(one.kind) && one.ended_at)
    .map((one) => ({ kind: one.kind, at: Date.parse(one.ended_at) }))
    .sort((a, b) => b.at - a.at);
  return last && state.nowMs - last.at < JUST_OUT_MS ? last : null;
}

/** How many days in a row the same source has reported «ikke møtt», the last of those standing included; 0 for none. */
function daysMissed(state, entries) {
  const newest = entries.find((entry) => said(entry).what === "missed");
  if (!newest) return 0;
  const days = new Set(
    state
      .entriesOf(newest.client_id)
      .filter(
        (one) =>
          said(one).what === "missed" &&
          said(one).source === said(newest).source &&
          one.local !== "held" &&
          isStanding(state, one),
      )
      .map((one) => daysAway(occurred(one), state.nowMs)),
  );
  const last = daysAway(occurred(newest), state.nowMs);
  let count = 1;
  while (days.has(last - count)) count += 1;
  return count;
}
