// @ts-check
/**
 * A replica on the phone's storage: sealed chunks and what is known of them. It seals before a transaction opens and
 * opens after it has ended; what the chunks mean stands in chunks.js.
 *
 * Meta, in clear: `state` {cursor, filled, round, anew, synced_at (server, ms), kinds (how many it knows), version}. Each write raises `version`; one
 * made from older rows than those on disk is refused (Stale), so that two windows never undo each other.
 */
import { destroy, read, write } from "./db.js";
import { KINDS, replicaOf } from "./schema.js";
import { getValue } from "./values.js";
import { open, rowName, seal } from "./vault.js";

/** @typedef {{cursor: string | null, filled?: boolean, round?: number, anew?: boolean, synced_at?: number, kinds?: number, version: number}} Meta */
/** @typedef {import("./chunks.js").Chunk} Chunk */

/** Another window has written since these rows were read. */
export class Stale extends Error {}

/** @type {Meta} */
const EMPTY = { cursor: null, version: 0 };
const STORES = ["head", "entries", "stubs", "meta"];

/** May a replica lie on this phone: the server says (FIELDAPP_OFFLINE_REPLICA). */
export const mayKeep = async () => (await getValue("offline_replica")) !== false;

/** No server made this cursor, so it answers `reset` and the phone fetches all anew. */
const READ_ANEW = "read-anew";

/** What was sent of a kind before this version knew it is behind the cursor, and would never come. @param {any} tx @returns {Promise<Meta>} */
async function metaIn(tx) {
  const meta = (await tx.objectStore("meta").get("state"))?.value ?? EMPTY;
  return meta.cursor && meta.kinds !== KINDS.length ? { ...meta, cursor: READ_ANEW } : meta;
}

/** @param {string} staffId @returns {Promise<Meta>} */
export const metaOf = (staffId) => read(replicaOf(staffId), ["meta"], metaIn);

/** @param {string} staffId @param {string} store @param {any[]} rows @param {import("./vault.js").Space} [space] */
const openAll = (staffId, store, rows, space) =>
  Promise.all(rows.map((row) => open(staffId, store, row.key, row, space)));

/** All of the head: [{kind, of, rows}]. @param {string} staffId @returns {Promise<{meta: Meta, chunks: any[]}>} */
export async function readHead(staffId) {
  const [meta, rows] = await read(replicaOf(staffId), ["meta", "head"], (tx) =>
    Promise.all([metaIn(tx), tx.objectStore("head").getAll()]),
  );
  return { meta, chunks: await openAll(staffId, "head", rows) };
}

/** Chunks of entries: one client's, or all. @param {string} staffId @param {string} [name] @returns {Promise<any[]>} */
export async function readEntries(staffId, name) {
  const key = name && (await rowName(staffId, name));
  const rows = await read(replicaOf(staffId), ["entries"], async (tx) => {
    const store = tx.objectStore("entries");
    return key ? [await store.get(key)].filter(Boolean) : store.getAll();
  });
  return openAll(staffId, "entries", rows);
}

/** @param {string} staffId @returns {Promise<any[]>} */
export async function readStubs(staffId) {
  const rows = await read(replicaOf(staffId), ["stubs"], (tx) => tx.objectStore("stubs").getAll());
  const [stubs = []] = await openAll(staffId, "stubs", rows, "stubs");
  return stubs;
}

/** @param {string} staffId @param {string} store @param {Chunk[]} chunks @param {import("./vault.js").Space} [space] */
const sealAll = (staffId, store, chunks, space) =>
  Promise.all(
    chunks.map(async ({ name, value }) => {
      const key = await rowName(staffId, name);
      return { key, ...(value === null ? {} : await seal(staffId, store, key, value, space)) };
    }),
  );

/** @param {any} store @param {any[]} rows */
const putAll = (store, rows) =>
  Promise.all(rows.map((row) => ("data" in row ? store.put(row) : store.delete(row.key))));

/**
 * Write these chunks and the new meta, together.
 * @param {string} staffId @param {{head?: Chunk[], entries?: Chunk[], stubs?: any[] | null}} what @param {Meta} meta as it was read
 * @param {Partial<Meta>} change @returns {Promise<Meta>} as it stands now @throws {Stale}
 */
export async function writeChunks(staffId, { head = [], entries = [], stubs = null }, meta, change) {
  const next = { ...meta, ...change, kinds: KINDS.length, version: meta.version + 1 };
  if (!(await mayKeep())) return next;
  const sealed = await Promise.all([
    sealAll(staffId, "head", head),
    sealAll(staffId, "entries", entries),
    sealAll(staffId, "stubs", stubs ? [{ name: "stubs", value: stubs }] : [], "stubs"),
  ]);
  return write(replicaOf(staffId), STORES, async (tx) => {
    if ((await metaIn(tx)).version !== meta.version) throw new Stale();
    await Promise.all(["head", "entries", "stubs"].map((name, i) => putAll(tx.objectStore(name), sealed[i])));
    await tx.objectStore("meta").put({ key: "state", value: next });
    return next;
  });
}

/** Drop the replica of one person. @param {string} staffId */
export const dropKept = (staffId) => destroy(replicaOf(staffId));

/**
 * Delete what has ended, which needs no key: the next sync begins from nothing, and what stands until then are stubs.
 * @param {string} staffId @param {string[]} stores @param {(meta: Meta) => boolean} hasEnded
 * @returns {Promise<boolean>} whether anything was there
 */
export const dropStores = (staffId, stores, hasEnded) =>
  write(replicaOf(staffId), STORES, async (tx) => {
    const meta = await metaIn(tx);
    if (!hasEnded(meta)) return false;
    const filled = await Promise.all(stores.map((name) => tx.objectStore(name).count()));
    if (!filled.some(Boolean) && !meta.cursor) return false;
    for (const name of stores) await tx.objectStore(name).clear();
    const round = (meta.round ?? 0) + 1;
    const value = { cursor: null, synced_at: meta.synced_at, round, anew: true, version: meta.version + 1 };
    await tx.objectStore("meta").put({ key: "state", value });
    return true;
  });
