// @ts-check
/**
 * Makes entries: the envelope of sync/PROTOCOL.md, less what only the save itself can know (device_seq, author,
 * clock offset). Checks the limits that the phone enforces.
 */
import { uuid7 } from "../ids.js";
import { localIso } from "../time.js";

export const MAX_ENTRY_BYTES = 64 * 1024;
export const MAX_NOTE = 10_000;

/** What stopped a save, and which field; `code`: too_long · no_author · storage_full · storage_failed · update_needed. */
export class SaveError extends Error {
  /** @param {string} code @param {string} [field] */
  constructor(code, field) {
    super(code);
    this.code = code;
    this.field = field;
  }
}

/** @param {any} text */
const wellFormed = (text) => text.toWellFormed?.() ?? text;

/** Text the server can store: no U+0000, no half of an emoji. @param {any} value @returns {any} */
function clean(value) {
  if (typeof value === "string") return wellFormed(value).replaceAll("\0", "");
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  const pairs = Object.entries(value).filter(([, part]) => part !== undefined && part !== "");
  return Object.fromEntries(pairs.map(([key, part]) => [key, clean(part)]));
}

/**
 * @typedef {{clientId?: string|null, caseId?: string|null, teamId?: string|null, occurredAt?: Date|string,
 *   timeChosen?: boolean, mends?: string, id?: string}} Around
 */

/**
 * A new entry. Empty fields of the body are left out. `occurredAt` is now unless a time was chosen by hand.
 * @param {string} type @param {Record<string, any>} body @param {Around} [around]
 */
export function makeEntry(type, body, around = {}) {
  const at = around.occurredAt ?? new Date();
  return {
    id: around.id ?? uuid7(),
    type,
    version: 1,
    client_id: around.clientId ?? null,
    case_id: around.caseId ?? null,
    team_id: around.teamId ?? null,
    occurred_at: typeof at === "string" ? at : localIso(at),
    time_chosen: around.timeChosen ?? false,
    ...(around.mends ? { mends: around.mends } : {}),
    body: clean(body),
  };
}

/** The Angre of an entry, also while it is still in the outbox: both go up, in order. @param {any} entry */
export function undoOf(entry) {
  return makeEntry(
    "entry_corrected",
    { entry_id: entry.id, what: "retracted", reason: "angret" },
    { clientId: entry.client_id, teamId: entry.team_id ?? entry.body?.team_id },
  );
}

/** UTF-8 bytes of a value as JSON. @param {unknown} value */
export const jsonBytes = (value) => new TextEncoder().encode(JSON.stringify(value)).length;

/** Refuse what the server would refuse for its length. @param {any} entry @throws {SaveError} */
export function checkLimits(entry) {
  const note = entry.body?.note;
  if (typeof note === "string" && note.length > MAX_NOTE && [...note].length > MAX_NOTE) {
    throw new SaveError("too_long", "body.note");
  }
  // room for what is added on the way out: device_seq, author_id, clock_offset_ms
  if (jsonBytes(entry) > MAX_ENTRY_BYTES - 256) throw new SaveError("too_long", "body");
}
