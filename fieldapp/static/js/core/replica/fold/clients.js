// @ts-check
/** What waiting entries do to the client card itself. */
import { clockMs, waits } from "../clock.js";
import { utcIso } from "../../time.js";
import { diedOn, endClock, wind } from "./watches.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {any} body @param {number} startMs */
function firstWatch({ watch }, startMs) {
  const mode = watch?.mode ?? "interval";
  const interval = watch?.interval_minutes ?? 1440;
  return {
    mode,
    interval_minutes: interval,
    counts: ["seen"],
    agreed: Boolean(watch),
    since_at: utcIso(startMs),
    last_seen_at: null,
    due_at: null,
    paused_by: null,
  };
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldRegistered(over, entry, nowMs) {
  if (over.get("client", entry.client_id)) return;
  const { team_id, watch: _watch, protected: _protected, ...card } = entry.body;
  const watch = firstWatch(entry.body, clockMs(entry, nowMs));
  over.put("client", entry.client_id, {
    id: entry.client_id,
    ...card,
    team_ids: [team_id],
    watch,
    pending: waits(entry),
  });
  wind(over, entry.client_id, nowMs);
}

/** @param {Overlay} over @param {any} entry */
export const foldUpdated = (over, entry) =>
  over.patch("client", entry.client_id, { ...entry.body.fields, pending_update: waits(entry) });

/** @param {Overlay} over @param {any} entry */
export const foldContactInterval = (over, entry) =>
  over.patch("client", entry.client_id, { contact_interval_days: entry.body.days });

/** @param {Overlay} over @param {any} entry */
export function foldTeamSet(over, entry) {
  const client = over.get("client", entry.client_id);
  const teams = new Set([...(client?.team_ids ?? []), entry.body.team_id]);
  over.patch("client", entry.client_id, { team_ids: [...teams] });
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldEnded(over, entry, nowMs) {
  const client = over.get("client", entry.client_id);
  if (client)
    endClock(over, client, {
      ended_at: utcIso(clockMs(entry, nowMs)),
      ended_reason: entry.body.reason,
      ...(entry.body.reason === "died" ? diedOn(client, entry, nowMs) : {}),
    });
}

/** The clock begins again with it. @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldResumed(over, entry, nowMs) {
  const { watch } = over.get("client", entry.client_id) ?? {};
  over.patch("client", entry.client_id, {
    ended_at: null,
    ended_reason: null,
    ...(watch ? { watch: { ...watch, since_at: utcIso(clockMs(entry, nowMs)) } } : {}),
  });
  wind(over, entry.client_id, nowMs);
}

/** The clock runs on until a new agreement; the right to enter ends at once. @param {Overlay} over @param {any} entry */
export function foldWithdrawn(over, entry) {
  const client = over.get("client", entry.client_id);
  if (entry.body.kind !== "watch" || !client?.watch) return;
  over.patch("client", client.id, { watch: { ...client.watch, may_enter: false, key_ref: null } });
}
