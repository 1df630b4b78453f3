// @ts-check
/**
 * The server's state as this person may see it; may be dropped and fetched again at any time. A copy in memory serves the
 * screens while the vault is open (held.js); changes go to the storage first (kept.js, sealed), then to the copy.
 */
import { announce } from "./bus.js";
import { StorageError } from "./db.js";
import { chunksOf, put, remove, removeBelongings, removeEarlierRounds, startEdit } from "./edits.js";
import { current, forgetCopy, inMemory, openClient, refresh, whole } from "./held.js";
import { dropKept, metaOf, Stale, writeChunks } from "./kept.js";
import { KINDS } from "./schema.js";

/** @typedef {import("./chunks.js").Rows} Rows */
/** @typedef {import("./kept.js").Meta} Meta */
/** @typedef {import("./edits.js").Edit} Edit */
/** @typedef {import("./held.js").Held} Held */
/** @typedef {{kind: string, id: string, seq: number, data?: any, removed?: boolean}} Change */

/**
 * kind → id → data, shared: whoever reads it must not change it. `meta` → `filled`: has the server ever sent all it had.
 * @param {string} staffId
 * @param {{soon?: boolean, client?: string | null}} [how] `soon`: the head, and the entries of `client` alone: enough for lists
 */
export async function tablesOf(staffId, { soon = false, client = null } = {}) {
  if (!soon) return (await whole(staffId)).tables;
  const held = await current(staffId);
  if (client) await openClient(held, client);
  return held.tables;
}

/** Is everything opened already. @param {string} staffId */
export const isWhole = async (staffId) => (await current(staffId)).whole;

/** What of the replica may be shown now. @param {string} staffId */
export const leftFor = async (staffId) => (await current(staffId)).left;

/** @param {string} staffId @returns {Promise<string | null>} */
export const cursorOf = async (staffId) => ((await inMemory(staffId))?.meta ?? (await metaOf(staffId))).cursor;

/** Drop everything of one person's replica. @param {string} staffId */
export async function dropReplica(staffId) {
  forgetCopy();
  await dropKept(staffId);
  announce("replica");
}

/** @param {Held} held @param {Edit} edit @param {Map<string, number>} of @param {Meta} meta */
function adopt(held, edit, of, meta) {
  Object.assign(held, { rows: edit.rows, of, meta });
  refresh(held, edit.touched.keys());
}

const TRIES = 4;

/**
 * Change rows and meta together, on the storage and in memory. When another window has written meanwhile, once more over what it
 * wrote. With no room the change is shown all the same, and comes again with the next answer.
 * @param {string} staffId @param {(edit: Edit, meta: Meta) => void} change @param {(meta: Meta) => Partial<Meta>} [meta]
 */
async function commit(staffId, change, meta = () => ({})) {
  for (let left = TRIES; ; left -= 1) {
    const held = await whole(staffId);
    if (held.left === "behind") throw new StorageError("storage_failed", "the clock is behind the last sync");
    const edit = startEdit(held);
    change(edit, held.meta);
    const chunks = chunksOf(edit);
    try {
      adopt(held, edit, chunks.of, await writeChunks(staffId, chunks, held.meta, meta(held.meta)));
      break;
    } catch (error) {
      if (error instanceof StorageError) adopt(held, edit, held.of, held.meta);
      if (!(error instanceof Stale) || left === 0) throw error;
      forgetCopy();
    }
  }
}

/** @param {Edit} edit @param {Change} change @param {number | undefined} round */
function applyChange(edit, { kind, id, seq, data, removed }, round) {
  if (!removed) return put(edit, kind, { id, seq, data, ...(round ? { round } : {}) });
  remove(edit, kind, id);
  if (kind === "client") removeBelongings(edit, id);
}

/**
 * Begin again from no cursor. What is here stays and is shown until the new replica stands whole: each row carries the
 * round it came in, and the last page drops those of earlier rounds.
 * @param {string} staffId
 */
const beginAnew = (staffId) =>
  commit(
    staffId,
    () => {},
    ({ round }) => ({ cursor: null, filled: false, round: (round ?? 0) + 1, anew: true }),
  );

/**
 * @param {import("./edits.js").Edit} edit @param {Meta} meta @param {Change[]} known @param {boolean} more
 */
function applyPage(edit, meta, known, more) {
  for (const change of known) applyChange(edit, change, meta.round);
  if (meta.anew && !more) removeEarlierRounds(edit, meta.round);
}

/** @typedef {{changes: Change[], cursor: string | null, reset?: boolean, more?: boolean, server_time?: string}} Answer */

/**
 * Take one answer's changes and cursor, together; `reset` begins anew. The outbox is never touched from here.
 * @param {string} staffId @param {Answer} answer @param {string | null} [asked] the cursor it answers to
 * @returns {Promise<boolean>} false: the replica is another than when this was asked for, so ask again
 */
export async function applyAnswer(staffId, { changes, cursor, reset, more = false, server_time: at }, asked) {
  const known = changes.filter((change) => KINDS.includes(change.kind)); // kinds of a newer server are not ours to show
  const syncedAt = more ? NaN : Date.parse(at ?? "");
  const after = (/** @type {Meta} */ meta) => ({
    cursor,
    filled: Boolean(meta.filled) || !more,
    anew: Boolean(meta.anew && more),
    ...(syncedAt ? { synced_at: syncedAt } : {}),
  });
  if (!reset && asked !== undefined && (await whole(staffId)).meta.cursor !== asked) return false;
  try {
    if (reset) await beginAnew(staffId);
    else await commit(staffId, (edit, meta) => applyPage(edit, meta, known, more), after);
  } finally {
    if (reset || known.length) announce("replica");
  }
  return true;
}

/**
 * Take older entries fetched on demand: they fill in, and never replace what came by sync.
 * @param {string} staffId @param {Change[]} changes
 */
export async function addOlder(staffId, changes) {
  const known = (await whole(staffId)).rows.get("entry");
  const fresh = changes.filter(({ kind, id, removed }) => kind === "entry" && !removed && !known?.has(id));
  await commit(staffId, (edit, meta) => fresh.forEach((change) => applyChange(edit, change, meta.round)));
  announce("replica");
}

/** Take these rows off the phone. @param {string} staffId @param {Change[]} changes each `removed`, of entries and cases */
export async function forget(staffId, changes) {
  await commit(staffId, (edit) => changes.forEach(({ kind, id }) => remove(edit, kind, id)));
  announce("replica");
}

/** Put the rows of an earlier version's replica in, as of a sync at `syncedAt`; the next sync fetches all anew. @param {string} staffId @param {Map<string, Rows>} rows @param {number} syncedAt */
export async function adoptRows(staffId, rows, syncedAt) {
  await commit(
    staffId,
    (edit) => rows.forEach((ofKind, kind) => ofKind.forEach((row) => put(edit, kind, row))),
    ({ round }) => ({ cursor: null, filled: true, round: (round ?? 0) + 1, anew: true, synced_at: syncedAt }),
  );
  announce("replica");
}
