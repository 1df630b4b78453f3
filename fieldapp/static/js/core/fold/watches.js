// @ts-check
/** What waiting entries do to a client's clock, by the server's rules as far as a phone can know them. */
import { clockMs, correctedMs, waits } from "../clock.js";
import { degreeOf, stopsClock } from "../contact.js";
import { toMs, utcIso } from "../time.js";
import { willEnd } from "./alerts.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

const MINUTE = 60_000;
/** Absences that stop the clock; `with_others` does so only by agreement, which the server judges. */
const PAUSING = new Set(["admitted", "treatment", "detox", "prison", "travel"]);

/**
 * The clock from a moment on. Per shift the end of the next shift is the server's to say, so it is left open.
 * @param {any} watch @param {number} fromMs
 */
function dueFrom(watch, fromMs) {
  if (watch.mode !== "interval" || watch.paused_by) return null;
  return utcIso(fromMs + (watch.interval_minutes ?? 1440) * MINUTE);
}

/** @param {Overlay} over @param {any} client @param {any} fields */
const patchWatch = (over, client, fields) => over.patch("client", client.id, { watch: { ...client.watch, ...fields } });

/** An alert that this contact will end once it is sent; until then it burns on, and says so. @param {Overlay} over @param {string} clientId */
function alertWillEnd(over, clientId) {
  for (const alert of over.table("alert").values()) {
    if (alert.kind === "not_seen" && alert.client_id === clientId) over.patch("alert", alert.id, { pending_end: true });
  }
}

/** @param {Overlay} over @param {any} client @param {number} seenMs @param {number} nowMs */
function seenAt(over, client, seenMs, nowMs) {
  if (toMs(client.watch.last_seen_at) >= seenMs) return;
  const due = dueFrom(client.watch, seenMs);
  patchWatch(over, client, { last_seen_at: utcIso(seenMs), due_at: due });
  if (due && toMs(due) > nowMs) alertWillEnd(over, client.id);
}

/** The client's clock and every other mark of an end. @param {Overlay} over @param {any} client @param {any} fields */
export function endClock(over, client, fields) {
  over.patch("client", client.id, { ...fields, watch: { ...client.watch, due_at: null } });
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldContact(over, entry, nowMs) {
  const alert = entry.type === "alert_resolved" ? over.get("alert", entry.body.alert_id) : undefined;
  const client = over.get("client", entry.client_id ?? alert?.client_id);
  if (!client?.watch) return;
  if (degreeOf(entry) === "dead") endClock(over, client, { deceased: true });
  if (!stopsClock(entry, client.watch)) return;
  const toldOf = entry.type === "alert_resolved" ? toMs(entry.body.seen_at) : NaN;
  const at = clockMs(entry, nowMs);
  seenAt(over, client, toldOf < at ? toldOf : at, nowMs);
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldWatchSet(over, entry, nowMs) {
  const client = over.get("client", entry.client_id);
  if (!client) return;
  const { mode, interval_minutes = 1440, counts = ["seen"], ...others } = entry.body;
  const watch = { ...client.watch, ...others, mode, interval_minutes, counts };
  const from = toMs(watch.last_seen_at) || clockMs(entry, nowMs);
  over.patch("client", client.id, { watch: { ...watch, due_at: dueFrom(watch, from) } });
}

/** @param {Overlay} over @param {any} entry */
export function foldAbsenceStarted(over, entry) {
  const { absence_id: id, ...body } = entry.body;
  const started = utcIso(correctedMs(entry));
  over.put("absence", id, { id, client_id: entry.client_id, started_at: started, ended_at: null, ...body, pending: waits(entry) });
  const client = over.get("client", entry.client_id);
  if (client?.watch && PAUSING.has(body.kind)) patchWatch(over, client, { paused_by: id, due_at: null });
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldAbsenceEnded(over, entry, nowMs) {
  const id = entry.body.absence_id;
  over.patch("absence", id, { ended_at: utcIso(correctedMs(entry)), pending: waits(entry) });
  willEnd(over, "absence_overdue", id);
  const client = over.get("client", entry.client_id ?? over.get("absence", id)?.client_id);
  if (client?.watch?.paused_by !== id) return;
  const watch = { ...client.watch, paused_by: null };
  over.patch("client", client.id, { watch: { ...watch, due_at: dueFrom(watch, clockMs(entry, nowMs)) } });
}

/** Still away: asked about, and perhaps with a new end. @param {Overlay} over @param {any} entry */
export function foldAbsenceConfirmed(over, entry) {
  const { absence_id: id, expected_end_on, expected_end_at } = entry.body;
  over.patch("absence", id, { ...(expected_end_on || expected_end_at ? { expected_end_on, expected_end_at } : {}), pending: waits(entry) });
  willEnd(over, "absence_overdue", id);
}

/**
 * The clock of a client after an entry was taken back: the newest contact that is left.
 * @param {Overlay} over @param {string} clientId @param {any[]} entries theirs, without those taken back @param {number} nowMs
 */
export function rewindClock(over, clientId, entries, nowMs) {
  const client = over.get("client", clientId);
  if (!client?.watch) return;
  const times = entries.filter((entry) => stopsClock(entry, client.watch)).map((entry) => clockMs(entry, nowMs));
  if (!times.length) return; // the last contact is older than what the phone holds: the server will say
  const last = Math.max(...times);
  if (toMs(client.watch.last_seen_at) <= last) return;
  patchWatch(over, client, { last_seen_at: utcIso(last), due_at: dueFrom(client.watch, last) });
}
