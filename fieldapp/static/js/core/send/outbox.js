// @ts-check
/**
 * What has been saved on this phone and has no final verdict yet. Nothing leaves it without a verdict of its own.
 *
 * A row: {id, device_seq, author_id, state, saved_at, key_id, sealed, copy?, why?, stuck?, code?, mended_by?}: the entry is in
 * `sealed` for the server and in `copy` for its author (sealed.js), and nowhere else; `why` is the server's words. State:
 *   pending   to be sent; `stuck`: the network does not let it through, for this code, and it is tried again
 *   rejected  needs a human (mend), or waits for something the server did not know (unknown_reference)
 *   deferred  the server could not judge it yet
 *   mended    rejected, and replaced by the entry `mended_by`; goes when that one is accepted
 * What is accepted moves to the copies (copies.js).
 */
import { announce, emit } from "../bus.js";
import { read, StorageError, write } from "../db.js";
import { nextSeq } from "../device.js";
import { draftRow } from "../drafts.js";
import { whoWrites } from "./author.js";
import { checkLimits, SaveError } from "./envelope.js";
import { noteLocked } from "./locked_entries.js";
import { opened, sealEntry } from "./sealed.js";
import { remember } from "./uncopied.js";
import { PHONE } from "../schema.js";
import { openIfOurs } from "../vault.js";

/**
 * @typedef {{id: string, device_seq: number, author_id: string, state: string, saved_at: number, sealed: any, key_id?: string,
 *   copy?: import("../vault.js").Sealed, stuck?: string, code?: string, mended_by?: string, resealed?: string,
 *   why?: import("../vault.js").Sealed}} Row
 */

/** Ids that have a verdict which the storage had no room for (verdicts.js): they are not sent again and wait for nothing. */
export const judgedHere = new Set();

const STORES = ["outbox", "sealed_drafts", "values"];
/** What only goes on from an entry of the locked phone is confirmed with it. */
const STEPS = new Set(["crisis_step_logged", "entry_corrected"]);

/** @typedef {{entry: any, content: import("./sealed.js").SealedEntry}} Ready an entry and what of it is stored */

/** @param {any} tx @param {Ready} ready @param {string | null} [draft] the row of the draft it was */
async function putNew(tx, { entry, content }, draft) {
  const outbox = tx.objectStore("outbox");
  const before = await outbox.get(entry.id);
  if (before) return before; // a retry after a lost connection: it was saved, and must not take a second number
  const { id, author_id } = entry;
  const row = { id, device_seq: await nextSeq(tx), author_id, state: "pending", saved_at: Date.now(), ...content };
  await outbox.put(row);
  if (entry.locked && !STEPS.has(entry.type)) await noteLocked(tx, entry);
  if (draft) await tx.objectStore("sealed_drafts").delete(draft);
  return row;
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function savingErrors(work) {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StorageError ? new SaveError(error.code) : error;
  }
}

/** @param {any} entry @returns {Promise<Ready>} */
async function sealed(entry) {
  checkLimits(entry);
  const clock = await read(PHONE, ["values"], (tx) => tx.objectStore("values").get("clock"));
  const whole = { ...entry, ...(await whoWrites()), clock_offset_ms: clock?.value?.offsetMs ?? null };
  if (whole.locked) remember(whole);
  return { entry: whole, content: await sealEntry(whole) };
}

/** @param {string | undefined} key */
const rowOfDraft = async (key) => (key ? draftRow(key) : null);

/**
 * Save entries that belong together, in order: they, the end of their draft and their numbers in one strict
 * transaction. When this resolves they are on disk; otherwise none of them is.
 * @param {any[]} entries from makeEntry @param {{draftKey?: string}} [also] @returns {Promise<any[]>} the entries with their numbers
 * @throws {SaveError} nothing was saved, and the draft is still there
 */
export async function saveTogether(entries, { draftKey } = {}) {
  const rows = await savingErrors(async () => {
    const [ready, draft] = await Promise.all([Promise.all(entries.map(sealed)), rowOfDraft(draftKey)]);
    return write(PHONE, STORES, async (tx) => {
      const put = [];
      for (const one of ready) put.push(await putNew(tx, one, draft));
      return put;
    });
  });
  announce("outbox");
  for (const { id } of rows) emit("saved", { id });
  return entries.map((entry, i) => ({ ...entry, device_seq: rows[i].device_seq }));
}

/** Save one entry. @param {any} entry from makeEntry @param {{draftKey?: string}} [also] @returns {Promise<any>} the entry with its number */
export const save = async (entry, also = {}) => (await saveTogether([entry], also))[0];

/**
 * Replace a rejected entry by a new one; the old stays until the new is accepted.
 * @param {string} id @param {any} entry from makeEntry @param {{draftKey?: string}} [also]
 */
export async function mend(id, entry, { draftKey } = {}) {
  const mended = { ...entry, mends: id };
  const row = await savingErrors(async () => {
    const [ready, draft] = await Promise.all([sealed(mended), rowOfDraft(draftKey)]);
    return write(PHONE, STORES, async (tx) => {
      const outbox = tx.objectStore("outbox");
      const fresh = await putNew(tx, ready, draft);
      const old = await outbox.get(id);
      if (old) await outbox.put({ ...old, state: "mended", mended_by: mended.id });
      return fresh;
    });
  });
  announce("outbox");
  emit("saved", { id: row.id });
  return { ...mended, device_seq: row.device_seq };
}

/** All rows of one author, oldest first, sealed. @param {string} staffId @returns {Promise<Row[]>} */
export function rowsOf(staffId) {
  const range = IDBKeyRange.bound([staffId], [staffId, Infinity]);
  return read(PHONE, ["outbox"], (tx) => tx.objectStore("outbox").index("by_author").getAll(range));
}

/** What is to be sent: it counts as done already in this person's own screens. @param {string} staffId */
export async function pending(staffId) {
  return opened((await rowsOf(staffId)).filter((row) => row.state === "pending"));
}

/** @param {Row} row */
const isHeld = (row) => row.state === "rejected" || row.state === "deferred";

/** What was rejected or deferred or does not get through: shown with the reason, and mendable when rejected. @param {string} staffId */
export async function held(staffId) {
  const rows = (await rowsOf(staffId)).filter((row) => isHeld(row) || row.stuck);
  return Promise.all(
    (await opened(rows)).map(async ({ why, ...row }) => ({
      ...row,
      code: row.stuck ?? row.code,
      ...(await openIfOurs(staffId, "why", row.id, why)),
      mendable: row.state === "rejected",
    })),
  );
}

/** Note for the screens that the network does not let this one through. @param {string} id @param {string} code */
export async function markStuck(id, code) {
  await write(PHONE, ["outbox"], async (tx) => {
    const outbox = tx.objectStore("outbox");
    const row = await outbox.get(id);
    if (row?.state === "pending" && row.stuck !== code) await outbox.put({ ...row, stuck: code });
  });
  announce("outbox");
}

/** How many wait on this phone, of whoever: numbers only. @param {string} [staffId] */
export async function counts(staffId) {
  const rows = await read(PHONE, ["outbox"], (tx) => tx.objectStore("outbox").getAll());
  const waiting = rows.filter((/** @type {Row} */ row) => row.state === "pending" && !judgedHere.has(row.id));
  const mine = waiting.filter((/** @type {Row} */ row) => row.author_id === staffId).length;
  const needsMe = rows.filter((/** @type {Row} */ row) => row.author_id === staffId && isHeld(row));
  return { pending: mine, held: needsMe.length, others: waiting.length - mine, unsent: waiting.length };
}

/** How many were handed back because nothing proves whose they are: still here, and not sent. @returns {Promise<number>} */
export async function unproven() {
  const rows = await read(PHONE, ["outbox"], (tx) => tx.objectStore("outbox").getAll());
  return rows.filter((/** @type {Row} */ row) => row.code === "author_unproven").length;
}

/** Everybody with rows on this phone. @returns {Promise<string[]>} */
export async function authors() {
  const rows = await read(PHONE, ["outbox"], (tx) => tx.objectStore("outbox").getAll());
  return [...new Set(rows.map((/** @type {Row} */ row) => row.author_id))];
}

/** Held rows that may be judged otherwise next time. @param {{state: string, code?: string}} row */
export const isOfferedAgain = (row) =>
  row.state === "deferred" || (row.state === "rejected" && row.code === "unknown_reference");

/** Where entries are by now: pending · held · sent. @param {string[]} ids @returns {Promise<string[]>} */
export async function placesOf(ids) {
  const rows = await read(PHONE, ["outbox"], (tx) => Promise.all(ids.map((id) => tx.objectStore("outbox").get(id))));
  return rows.map((row) => (!row || judgedHere.has(row.id) ? "sent" : row.state === "pending" ? "pending" : "held"));
}
