// @ts-check
/** What waiting entries do to cases: open them, add facts, end them. */
import { clockMs, waits } from "../clock.js";
import { utcIso } from "../../time.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {any} entry */
const factsOf = ({ body: { note: _note, status: _status, ...facts } }) => facts;

/** @param {string} kind @returns {(over: Overlay, entry: any, nowMs: number) => void} */
export const opens = (kind) => (over, entry, nowMs) => {
  over.put("case", entry.case_id, {
    id: entry.case_id,
    kind,
    client_id: entry.client_id,
    team_id: entry.team_id,
    status: entry.body.status ?? "open",
    opened_at: utcIso(clockMs(entry, nowMs)),
    opened_by: entry.author_id,
    owner_id: entry.author_id,
    deadline_on: entry.body.deadline_on ?? null,
    facts: factsOf(entry),
    pending: waits(entry),
  });
};

/** @param {Overlay} over @param {any} entry */
export function updates(over, entry) {
  const before = over.get("case", entry.case_id);
  if (!before) return;
  const status = entry.body.status ?? before.status;
  const deadline = entry.body.deadline_on ?? before.deadline_on;
  over.patch("case", entry.case_id, {
    status,
    deadline_on: deadline,
    facts: { ...before.facts, ...factsOf(entry) },
    pending: waits(entry),
  });
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function closesCrisis(over, entry, nowMs) {
  updates(over, entry);
  over.patch("case", entry.case_id, { status: "closed", closed_at: utcIso(clockMs(entry, nowMs)) });
  for (const alert of over.table("alert").values()) {
    if (alert.kind === "crisis" && alert.case_id === entry.case_id)
      over.patch("alert", alert.id, { pending_end: true });
  }
}

/** Whom a case or an entry of nobody known was about: it, and its alert, stand with that client. @param {Overlay} over @param {any} entry */
export function isAbout(over, { client_id: clientId, case_id: ofEnvelope, body }) {
  const entryId = body.entry_id;
  const caseId = entryId ? null : (body.case_id ?? ofEnvelope);
  if (caseId) over.patch("case", caseId, { client_id: clientId });
  for (const one of over.table("entry").values()) {
    if (entryId ? one.id === entryId : one.case_id === caseId) over.patch("entry", one.id, { client_id: clientId });
  }
  for (const alert of over.table("alert").values()) {
    if (entryId ? alert.subject_id === entryId : alert.case_id === caseId)
      over.patch("alert", alert.id, { client_id: clientId });
  }
}
