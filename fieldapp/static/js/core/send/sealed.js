// @ts-check
/**
 * Entries as they lie on the phone: sealed to the server, which anybody can deliver and nobody here can read, and for
 * their author a copy under the vault key. On the wire: {id, device_seq, key_id, sealed}.
 */
import { on } from "../bus.js";
import { sealEntry as sealTo } from "../sealing.js";
import { sealingKey } from "../sealing_key.js";
import { isOpenFor, openIfOurs, seal } from "../vault.js";
import { SaveError } from "./envelope.js";

/** @typedef {{key_id: string, sealed: string, copy?: import("../vault.js").Sealed}} SealedEntry */

const COPIES = "copies";

/** The author's copy, where their vault is open. @param {string} authorId @param {any} entry @returns {Promise<{copy?: import("../vault.js").Sealed}>} */
export const copyFor = async (authorId, entry) =>
  isOpenFor(authorId) ? { copy: await seal(authorId, COPIES, entry.id, entry) } : {};

/**
 * @param {any} entry with `author_id` and `author_key` inside @returns {Promise<SealedEntry>}
 * @throws {SaveError} `no_key`: this phone has no key to seal to
 */
export async function sealEntry(entry) {
  const key = await sealingKey();
  if (!key) throw new SaveError("no_key");
  const { key_id, sealed } = await sealTo(key, entry);
  return { key_id, sealed, ...(await copyFor(entry.author_id, entry)) };
}

/** A row of an earlier version, whose entry lies in clear until it is sealed (adopt.js). @param {any} row */
export const isClear = (row) => typeof row.sealed === "object" && row.sealed !== null;

/** What has been opened since the vault was: a screen is read anew many times. @type {Map<string, any>} */
const seen = new Map();

on("changed", ({ what }) => {
  if (what === "lock" || what === "vault") seen.clear();
});

/** @param {any} row */
async function copyOf({ id, author_id: authorId, copy }) {
  if (!copy || !isOpenFor(authorId)) return null;
  const key = `${id} ${copy.iv}`;
  const entry = seen.get(key) ?? (await openIfOurs(authorId, COPIES, id, copy));
  if (!isOpenFor(authorId)) return null; // locked meanwhile: nothing of it stays
  seen.set(key, entry);
  return entry;
}

/** The entry of a row for its author's eyes; null when no copy can be opened. @param {any} row of outbox or copies @returns {Promise<any>} */
export const entryOf = async (row) => (isClear(row) ? row.sealed : copyOf(row));

/** Rows with their entry, those that nobody can read left out. @param {any[]} rows @returns {Promise<any[]>} */
export async function opened(rows) {
  const entries = await Promise.all(rows.map(entryOf));
  return rows.flatMap(({ sealed: _sealed, copy: _copy, ...row }, i) =>
    entries[i] ? [{ ...row, entry: { ...entries[i], device_seq: row.device_seq } }] : [],
  );
}

/** The element that goes up. @param {any} row */
export const onTheWire = ({ id, device_seq, author_id, key_id, sealed }) =>
  isClear({ sealed }) ? { ...sealed, device_seq, author_id } : { id, device_seq, key_id, sealed };
