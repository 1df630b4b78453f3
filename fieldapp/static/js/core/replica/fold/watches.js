// @ts-check
/** What waiting entries do to a client's clock, by the server's rules as far as a phone can know them. */
import { clockMs, correctedMs, waits } from "../clock.js";
import { contactMs, degreeOf, said, stopsClock } from "../contact.js";
import { dayInOslo, toMs, utcIso } from "../../time.js";
import { dueOf, pauses, spansOf } from "../watch.js";
import { willEnd } from "./alerts.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/**
 * The clock anew, after anything it rests on was folded in: the watch, the last contact, an absence, an end.
 * @param {Overlay} over @param {string} clientId @param {number} nowMs
 */
export function wind(over, clientId, nowMs) {
  const client = over.get("client", clientId);
  if (!client?.watch) return;
  if (client.stub) return patchWatch(over, client, { due_at: null }); // how long the clock runs is not on the phone now
  const absences = [...over.table("absence").values()].filter((one) => one.client_id === clientId);
  const { dueMs, pausedBy, tightenedUntilMs: until } = dueOf(client, spansOf(absences), nowMs);
  patchWatch(over, client, {
    due_at: dueMs === null ? null : utcIso(dueMs),
    paused_by: pausedBy,
    ...(until === null ? {} : { tightened_until: utcIso(until) }),
  });
}

/** The last contact, and which degree it was: heard of is not seen. @param {any} entry @param {number} ms */
const lastSeen = (entry, ms) => ({
  last_seen_at: utcIso(ms),
  last_seen_as: degreeOf(entry),
  last_seen_entry_id: entry.id,
});

/** @param {Overlay} over @param {any} client @param {any} fields */
const patchWatch = (over, client, fields) => over.patch("client", client.id, { watch: { ...client.watch, ...fields } });

/** An alert that this contact will end once it is sent; until then it burns on, and says so. @param {Overlay} over @param {string} clientId */
function alertWillEnd(over, clientId) {
  for (const alert of over.table("alert").values()) {
    if (alert.kind === "not_seen" && alert.client_id === clientId) over.patch("alert", alert.id, { pending_end: true });
  }
}

/** @param {Overlay} over @param {any} client @param {any} entry @param {number} nowMs */
function seenAt(over, client, entry, nowMs) {
  const seenMs = contactMs(entry, clockMs(entry, nowMs));
  if (toMs(client.watch.last_seen_at) >= seenMs) return;
  patchWatch(over, client, lastSeen(entry, seenMs));
  wind(over, client.id, nowMs);
  if (toMs(over.get("client", client.id).watch.due_at) > nowMs) alertWillEnd(over, client.id);
}

/**
 * The client's clock and every other mark of an end. A death also ends what no contact ends; a colleague's safety goes on.
 * @param {Overlay} over @param {any} client @param {any} fields
 */
export function endClock(over, client, fields) {
  over.patch("client", client.id, { ...fields, watch: { ...client.watch, due_at: null } });
  const kinds = fields.deceased ? ["not_seen", "concern", "crisis"] : ["not_seen"];
  for (const alert of over.table("alert").values()) {
    if (alert.client_id === client.id && kinds.includes(alert.kind))
      over.patch("alert", alert.id, { pending_end: true });
  }
}

/** The first day that was told of stands. @param {any} client @param {any} entry @param {number} nowMs */
export const diedOn = (client, entry, nowMs) => ({
  deceased: true,
  died_on: client.died_on ?? entry.body.on ?? dayInOslo(clockMs(entry, nowMs)),
});

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldContact(over, entry, nowMs) {
  const alert = entry.type === "alert_resolved" ? over.get("alert", entry.body.alert_id) : undefined;
  const client = over.get("client", entry.client_id ?? alert?.client_id);
  if (!client?.watch) return;
  if (degreeOf(entry) === "dead") endClock(over, client, diedOn(client, entry, nowMs));
  if (!stopsClock(entry, client.watch)) return;
  seenAt(over, client, entry, nowMs);
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldWatchSet(over, entry, nowMs) {
  const client = over.get("client", entry.client_id);
  if (!client) return;
  const { mode, interval_minutes = 1440, counts = ["seen"], ...others } = entry.body;
  const turnedOn = (client.watch?.mode ?? "off") === "off" && mode !== "off";
  const watch = { ...client.watch, ...others, agreed: true, mode, interval_minutes, counts };
  if (turnedOn || !toMs(watch.since_at ?? watch.last_seen_at)) watch.since_at = utcIso(clockMs(entry, nowMs));
  over.patch("client", client.id, { watch });
  wind(over, client.id, nowMs);
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldAbsenceStarted(over, entry, nowMs) {
  const { absence_id: id, ...body } = entry.body;
  const started = utcIso(correctedMs(entry));
  over.put("absence", id, {
    id,
    client_id: entry.client_id,
    started_at: started,
    ended_at: null,
    ...body,
    pending: waits(entry),
  });
  if (pauses(body.kind, over.get("client", entry.client_id)?.watch)) wind(over, entry.client_id, nowMs);
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldAbsenceEnded(over, entry, nowMs) {
  const id = entry.body.absence_id;
  over.patch("absence", id, { ended_at: utcIso(clockMs(entry, nowMs)), pending: waits(entry) });
  willEnd(over, "absence_overdue", id);
  wind(over, entry.client_id ?? over.get("absence", id)?.client_id, nowMs);
}

/**
 * A step home: of one id the newest stands, also where the older one came from the server, which tells only its times.
 * @param {Overlay} over @param {any} entry @param {number} nowMs
 */
export function foldAbsenceStep(over, entry, nowMs) {
  const { absence_id: id, step_id: stepId, from_at, to_at, watch } = entry.body;
  const absence = over.get("absence", id);
  if (!absence) return;
  const older = [...over.table("entry").values()].filter(
    (one) => one.type === entry.type && one.id !== entry.id && said(one).step_id === stepId,
  );
  const replaced = (/** @type {any} */ step) => older.some((one) => sameTimes(said(one), step));
  const steps = [
    ...(absence.steps ?? []).filter((/** @type {any} */ step) => !replaced(step)),
    { from_at, to_at, watch },
  ];
  steps.sort((a, b) => toMs(a.from_at) - toMs(b.from_at) || toMs(a.to_at) - toMs(b.to_at));
  over.patch("absence", id, { steps, pending: waits(entry) });
  wind(over, entry.client_id ?? absence.client_id, nowMs);
}

/** @param {any} one @param {any} other */
const sameTimes = (one, other) =>
  toMs(one.from_at) === toMs(other.from_at) && toMs(one.to_at) === toMs(other.to_at) && one.watch === other.watch;

/** What is ready for coming home. @param {Overlay} over @param {any} entry */
export function foldDischargePlanned(over, entry) {
  const { absence_id: id, checks, home } = entry.body;
  over.patch("absence", id, { discharge: { checks, home }, pending: waits(entry) });
}

/** Still away: asked about, and perhaps with a new end. @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldAbsenceConfirmed(over, entry, nowMs) {
  const { absence_id: id, expected_end_on, expected_end_at } = entry.body;
  over.patch("absence", id, {
    ...(expected_end_on || expected_end_at ? { expected_end_on, expected_end_at } : {}),
    pending: waits(entry),
  });
  willEnd(over, "absence_overdue", id);
  wind(over, entry.client_id ?? over.get("absence", id)?.client_id, nowMs);
}

/**
 * The clock of a client after an entry was taken back or corrected: the newest contact that is left.
 * @param {Overlay} over @param {string} clientId @param {any[]} entries theirs, without those taken back @param {number} nowMs
 * @param {boolean} [forward] a correction may make a later contact of an entry
 */
export function rewindClock(over, clientId, entries, nowMs, forward = false) {
  const client = over.get("client", clientId);
  if (!client?.watch) return;
  const at = (/** @type {any} */ entry) => contactMs(entry, clockMs(entry, nowMs));
  const [last] = entries.filter((entry) => stopsClock(entry, client.watch)).sort((a, b) => at(b) - at(a));
  if (!last) return; // the last contact is older than what the phone holds: the server will say
  if (!forward && toMs(client.watch.last_seen_at) <= at(last)) return;
  patchWatch(over, client, lastSeen(last, at(last)));
  wind(over, clientId, nowMs);
}
