// @ts-check
/** What waiting entries do to the team's day: who is out on a visit, and who watches over whom while a team is closed. */
import { clockMs, waits } from "../clock.js";
import { utcIso } from "../../time.js";
import { willEnd } from "./alerts.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldVisitStarted(over, entry, nowMs) {
  const { visit_id: id, expected_end_at, with_staff = [] } = entry.body;
  const { author_id: staff_id, client_id, team_id } = entry;
  const started_at = utcIso(clockMs(entry, nowMs));
  over.put("visit", id, {
    id,
    staff_id,
    with_staff,
    client_id,
    team_id,
    started_at,
    expected_end_at,
    ended_at: null,
    pending: waits(entry),
  });
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldVisitEnded(over, entry, nowMs) {
  const id = entry.body.visit_id;
  over.patch("visit", id, { ended_at: utcIso(clockMs(entry, nowMs)), pending: waits(entry) });
  willEnd(over, "staff_overdue", id);
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function foldHandedOver(over, entry, nowMs) {
  const client = over.get("client", entry.client_id);
  over.put("hand_over", entry.id, {
    id: entry.id,
    client_id: entry.client_id,
    from_team_id: client?.watch?.team_id ?? client?.team_ids?.[0] ?? null,
    to_team_id: entry.body.to_team_id,
    asked_by: entry.author_id,
    asked_at: utcIso(clockMs(entry, nowMs)),
    until_at: entry.body.until_at,
    taken_by: null,
    taken_at: null,
    pending: waits(entry),
  });
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export const foldTakenOver = (over, entry, nowMs) =>
  over.patch("hand_over", entry.body.handed_over_id, {
    taken_by: entry.author_id,
    taken_at: utcIso(clockMs(entry, nowMs)),
    pending: waits(entry),
  });
