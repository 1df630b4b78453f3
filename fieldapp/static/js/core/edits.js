// @ts-check
/** An edit of a replica in memory: new rows for the kinds it touches, and the chunks that have to be written. Pure. */
import { clientOf, entriesChunk, headChunks, NEWEST, newestOf, stubsOf } from "./chunks.js";
import { KINDS } from "./schema.js";

/** @typedef {import("./chunks.js").Rows} Rows */
/** @typedef {import("./chunks.js").Stored} Stored */
/** @typedef {import("./chunks.js").Chunk} Chunk */
/** @typedef {{rows: Map<string, Rows>, of: Map<string, number>}} Held rows by kind, and in how many shards each kind lies */
/** @typedef {{before: Held, rows: Map<string, Rows>, touched: Map<string, Set<string>>, clients: Set<string>}} Edit */

/** @param {Held} before @returns {Edit} */
export const startEdit = (before) => ({ before, rows: new Map(before.rows), touched: new Map(), clients: new Set() });

/** A kind's rows, to be changed: what was handed out before stays as it was. @param {Edit} edit @param {string} kind @returns {Rows} */
function own(edit, kind) {
  if (!edit.touched.has(kind)) {
    edit.touched.set(kind, new Set());
    edit.rows.set(kind, new Map(edit.rows.get(kind)));
  }
  return /** @type {Rows} */ (edit.rows.get(kind));
}

/** @param {Edit} edit @param {string} kind @param {string} id */
function touch(edit, kind, id) {
  const row = edit.rows.get(kind)?.get(id);
  edit.touched.get(kind)?.add(id);
  if (kind === "entry" && row) edit.clients.add(clientOf(row));
}

/** @param {Edit} edit @param {string} kind @param {Stored} row */
export function put(edit, kind, row) {
  const rows = own(edit, kind);
  touch(edit, kind, row.id); // where it stood
  rows.set(row.id, row);
  touch(edit, kind, row.id); // where it stands
}

/** @param {Edit} edit @param {string} kind @param {string} id */
export function remove(edit, kind, id) {
  const rows = own(edit, kind);
  touch(edit, kind, id);
  rows.delete(id);
}

/** A client that is no longer this person's to see takes along all that belongs to it. @param {Edit} edit @param {string} clientId */
export function removeBelongings(edit, clientId) {
  for (const kind of KINDS)
    for (const row of [...(edit.rows.get(kind)?.values() ?? [])])
      if (row.data?.client_id === clientId) remove(edit, kind, row.id);
}

/** A new replica stands whole: what no page of it brought was gone. @param {Edit} edit @param {number | undefined} round */
export function removeEarlierRounds(edit, round) {
  for (const kind of KINDS)
    for (const row of [...(edit.rows.get(kind)?.values() ?? [])])
      if ((row.round ?? 0) !== round) remove(edit, kind, row.id);
}

/** @param {Edit} edit @returns {Map<string, Stored[]>} the entries of each touched client as they are now */
function entriesOfTouched({ rows, clients }) {
  const byClient = new Map([...clients].map((client) => [client, /** @type {Stored[]} */ ([])]));
  for (const row of rows.get("entry")?.values() ?? []) byClient.get(clientOf(row))?.push(row);
  return byClient;
}

/** @param {Edit} edit @param {Map<string, Stored[]>} byClient */
function noteNewest(edit, byClient) {
  for (const [client, entries] of byClient) {
    const rows = newestOf(entries);
    if (rows.length) put(edit, NEWEST, { id: client, seq: 0, data: { rows } });
    else if (edit.rows.get(NEWEST)?.has(client)) remove(edit, NEWEST, client);
  }
}

/**
 * What has to be written: head shards and entry chunks that were touched, and the stubs when a client was.
 * @param {Edit} edit @returns {{head: Chunk[], entries: Chunk[], stubs: any[] | null, of: Map<string, number>}}
 */
export function chunksOf(edit) {
  const byClient = entriesOfTouched(edit);
  noteNewest(edit, byClient);
  const of = new Map(edit.before.of);
  /** @type {Chunk[]} */
  const head = [];
  for (const [kind, ids] of edit.touched) {
    if (kind === "entry") continue;
    const cut = headChunks(kind, /** @type {Rows} */ (edit.rows.get(kind)), of.get(kind) ?? 1, ids);
    of.set(kind, cut.of);
    head.push(...cut.chunks);
  }
  const entries = [...byClient].map(([client, rows]) => entriesChunk(client, rows));
  const stubs = edit.touched.has("client") ? stubsOf(edit.rows.get("client") ?? new Map()) : null;
  return { head, entries, stubs, of };
}
