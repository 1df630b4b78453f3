// @ts-check
/**
 * The screens' state = what the server has said + what waits on this phone. A waiting entry is folded in anew at every
 * read, so nothing has to be rolled back when the server says otherwise. Rules by entry type; types that no list shows
 * have none, and those that are a contact need none for that.
 */
import { ENTRY_TYPES } from "../../entry_types.js";
import * as alerts from "./alerts.js";
import * as board from "./board.js";
import * as cases from "./cases.js";
import * as clients from "./clients.js";
import { amend, crisisIsAnother } from "./corrections.js";
import * as duties from "./duties.js";
import { foldStanding, standsNoMore } from "./standing.js";
import { foldHandedOver, foldTakenOver, foldVisitEnded, foldVisitStarted } from "./rounds.js";
import {
  foldAbsenceConfirmed,
  foldAbsenceEnded,
  foldAbsenceStarted,
  foldAbsenceStep,
  foldContact,
  foldDischargePlanned,
  foldWatchSet,
  rewindClock,
} from "./watches.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @typedef {(over: Overlay, entry: any, nowMs: number) => void} Rule */

/** What a type does of its own. @type {Record<string, Rule[]>} */
export const RULES = {
  __proto__: /** @type {any} */ (null),
  client_registered: [clients.foldRegistered],
  client_updated: [clients.foldUpdated],
  client_team_set: [clients.foldTeamSet],
  contact_interval_set: [clients.foldContactInterval],
  follow_up_ended: [clients.foldEnded],
  follow_up_resumed: [clients.foldResumed],
  agreement_withdrawn: [clients.foldWithdrawn],
  watch_set: [foldWatchSet],
  absence_started: [foldAbsenceStarted],
  absence_confirmed: [foldAbsenceConfirmed],
  absence_ended: [foldAbsenceEnded],
  absence_step_set: [foldAbsenceStep],
  discharge_planned: [foldDischargePlanned],
  watch_handed_over: [foldHandedOver],
  watch_taken_over: [foldTakenOver],
  visit_started: [foldVisitStarted],
  visit_ended: [foldVisitEnded],
  rent_problem_reported: [cases.opens("rent")],
  rent_problem_updated: [cases.updates],
  neighbour_complaint_received: [cases.opens("complaint")],
  neighbour_complaint_updated: [cases.updates],
  housing_incident_logged: [cases.opens("housing")],
  housing_incident_updated: [cases.updates],
  subject_client_set: [cases.isAbout],
  crisis_opened: [cases.opens("crisis"), alerts.raisesCrisis],
  crisis_closed: [cases.closesCrisis],
  concern_raised: [alerts.raisesConcern],
  help_requested: [alerts.raisesHelp],
  alert_acknowledged: [alerts.acknowledged],
  alert_snoozed: [alerts.snoozed],
  alert_resolved: [alerts.resolved],
  alert_handed_over: [alerts.handedOver],
  duty_set: [duties.dutySet],
  duty_handed_over: [duties.offered],
  duty_taken_over: [duties.takenOver],
  board_placed: [board.placed],
  board_removed: [board.removed],
  entry_corrected: [crisisIsAnother],
};

/** All that a type does: what tells of having met the client moves the clock besides, what stands is one rule for all. @param {string} type @returns {Rule[]} */
const rulesOf = (type) => [
  ...(RULES[type] ?? []),
  ...(ENTRY_TYPES[type]?.contact ? [foldContact] : []),
  ...(ENTRY_TYPES[type]?.stands ? [foldStanding] : []),
];

/** Ids that a correction has taken away from where they stood, known to the server or waiting here. @param {Iterable<any>} entries @returns {Set<string>} */
export function takenBack(entries) {
  const gone = new Set();
  for (const { id, type, body, local, struck_by: struckBy } of entries) {
    if (struckBy) gone.add(id);
    // Moved to the right client's record, it stands there.
    if (type === "entry_corrected" && local !== "held" && body?.what !== "text" && !body?.to_client_id)
      gone.add(body?.entry_id);
  }
  return gone;
}

/**
 * Fold the waiting entries over the replica.
 * @param {Overlay} over with every entry, the waiting ones too, already in its `entry` table
 * @param {any[]} waiting oldest first, with author_id @param {Set<string>} gone ids taken back @param {number} nowMs
 */
export function fold(over, waiting, gone, nowMs) {
  const corrections = waiting.filter((entry) => entry.type === "entry_corrected" && entry.body);
  const stoodAt = new Map(corrections.map(({ body }) => [body.entry_id, over.get("entry", body.entry_id)?.client_id]));
  const { now, amended } = amend(over, waiting, gone, nowMs);
  for (const entry of now) {
    if (!gone.has(entry.id)) for (const rule of rulesOf(entry.type)) rule(over, entry, nowMs);
  }
  const undone = corrections.filter(({ body }) => body.what !== "text").map(({ body }) => body.entry_id);
  standsNoMore(over, undone);
  board.placedNoMore(over, undone);
  for (const id of new Set([...undone, ...amended]))
    rewind(over, id, stoodAt.get(id), gone, nowMs, amended.includes(id));
}

/**
 * The clocks after a correction: of the client whose record the entry stood in, and of the one whose it stands in now.
 * @param {Overlay} over @param {string} entryId @param {string | undefined} before @param {Set<string>} gone @param {number} nowMs
 * @param {boolean} forward may it be a later contact than the last
 */
function rewind(over, entryId, before, gone, nowMs, forward) {
  const entry = over.get("entry", entryId);
  if (!entry?.client_id || entry.local === "pending") return; // a waiting one is folded in as it reads now
  for (const clientId of new Set([before, entry.client_id])) {
    if (!clientId) continue;
    const left = [...over.table("entry").values()].filter(
      (one) => one.client_id === clientId && !gone.has(one.id) && one.local !== "held",
    );
    rewindClock(over, clientId, left, nowMs, forward || clientId !== before);
  }
}
