// @ts-check
/**
 * What waiting entries do to alerts. Nothing here pretends that somebody has been told: an alert made on this phone is
 * `pending`, one taken here is `pending_ack`, until the server has answered; then it is `unsynced` until the replica has it.
 */
import { clockMs, waits } from "../clock.js";
import { utcIso } from "../../time.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {string} kind @param {(entry: any) => any} [more] @returns {(over: Overlay, entry: any, nowMs: number) => void} */
const raises = (kind, more) => (over, entry, nowMs) => {
  const client = over.get("client", entry.client_id);
  over.put("alert", entry.id, {
    id: entry.id,
    kind,
    client_id: entry.client_id,
    team_id: entry.team_id ?? client?.team_ids?.[0] ?? null,
    case_id: entry.case_id ?? null,
    state: "open",
    step: 0,
    opened_at: utcIso(clockMs(entry, nowMs)),
    due_at: null,
    owner: null,
    subject_id: entry.case_id ?? entry.id,
    pending: waits(entry),
    unsynced: !waits(entry),
    ...more?.(entry),
  });
};

export const raisesCrisis = raises("crisis");
/** Whose safety it is, and where they said they were. */
export const raisesHelp = raises("staff_help", (entry) => ({ staff_id: entry.author_id }));

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function raisesConcern(over, entry, nowMs) {
  if ((entry.body.urgency ?? "now") === "now") raises("concern")(over, entry, nowMs);
}

/** @param {(entry: any) => Record<string, unknown>} fields @returns {(over: Overlay, entry: any) => void} */
const marks = (fields) => (over, entry) => over.patch("alert", entry.body.alert_id, fields(entry));

export const acknowledged = marks(() => ({ pending_ack: true }));
export const snoozed = marks((entry) => ({ pending_snooze: entry.body.until }));
export const resolved = marks(() => ({ pending_end: true }));
export const handedOver = marks((entry) => ({ pending_hand_over: entry.body.to_staff_id }));

/** An alert that this save will end once it is sent: of a visit that is over, of an absence that was asked about. @param {Overlay} over @param {string} kind @param {string} subjectId */
export function willEnd(over, kind, subjectId) {
  for (const alert of over.table("alert").values()) {
    if (alert.kind === kind && alert.subject_id === subjectId) over.patch("alert", alert.id, { pending_end: true });
  }
}
