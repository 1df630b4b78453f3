// @ts-check
/**
 * The server's state as this person may see it, one database per person; may be dropped and fetched again at any time.
 * A copy in memory serves the screens; changes go to the database first, then to the copy.
 */
import { announce, on } from "./bus.js";
import { destroy, read, StorageError, write } from "./db.js";
import { KINDS, replicaOf } from "./schema.js";
import { openRows, sealRows } from "./vault.js";

/** @typedef {{id: string, seq: number, data: any}} Stored */
/** @typedef {{kind: string, id: string, seq: number, data?: any, removed?: boolean}} Change */

/** @type {{staffId: string, tables: Promise<Map<string, Map<string, any>>>} | null} */
let copy = null;

on("changed", ({ what, remote }) => {
  if (remote && (what === "replica" || what === "session")) copy = null;
});

/** @param {Stored} row */
const asData = ({ id, seq, data }) => ({ ...data, id, seq });

/** @param {string} staffId */
async function load(staffId) {
  const [filled, ...stored] = await read(replicaOf(staffId), ["meta", ...KINDS], (tx) =>
    Promise.all([tx.objectStore("meta").get("filled"), ...KINDS.map((kind) => tx.objectStore(kind).getAll())]),
  );
  const tables = new Map([["meta", new Map([["filled", filled?.value]])]]);
  for (const [i, kind] of KINDS.entries()) {
    const rows = await openRows(stored[i]);
    tables.set(kind, new Map(rows.map((/** @type {Stored} */ row) => [row.id, asData(row)])));
  }
  return tables;
}

/** kind → id → data, shared: whoever reads it must not change it. `meta` → `filled`: has the server ever sent all it had. @param {string} staffId */
export function tablesOf(staffId) {
  if (copy?.staffId !== staffId) {
    const tables = load(staffId);
    copy = { staffId, tables };
    tables.catch(() => {
      copy = null;
    });
  }
  return copy.tables;
}

/** @param {string} staffId @returns {Promise<string | null>} */
export async function cursorOf(staffId) {
  return (await read(replicaOf(staffId), ["meta"], (tx) => tx.objectStore("meta").get("cursor")))?.value ?? null;
}

/** Drop everything of one person's replica. @param {string} staffId */
export async function dropReplica(staffId) {
  copy = null;
  await destroy(replicaOf(staffId));
  announce("replica");
}

/** Everything that belongs to a client that is no longer this person's to see. @param {any} tx @param {string} clientId */
async function removeBelongings(tx, clientId) {
  for (const kind of KINDS) {
    const store = tx.objectStore(kind);
    for (const row of await store.getAll()) if (row.data.client_id === clientId) await store.delete(row.id);
  }
}

/** @param {any} tx @param {Change} change @param {Stored | undefined} row */
async function store(tx, change, row) {
  const rows = tx.objectStore(change.kind);
  if (row) return rows.put(row);
  await rows.delete(change.id);
  if (change.kind === "client") await removeBelongings(tx, change.id);
}

/** @param {Change[]} changes @returns {Promise<Map<Change, Stored>>} */
async function sealed(changes) {
  const kept = changes.filter((change) => !change.removed);
  const rows = await sealRows(kept.map(({ id, seq, data }) => ({ id, seq, data })));
  return new Map(kept.map((change, i) => [change, rows[i]]));
}

/** @param {Map<string, Map<string, any>>} tables @param {Change[]} changes */
function applyToCopy(tables, changes) {
  // new maps, so that a state already handed out stays as it was
  for (const kind of new Set(changes.map((change) => change.kind))) tables.set(kind, new Map(tables.get(kind)));
  for (const { kind, id, seq, data, removed } of changes) {
    if (!removed) tables.get(kind)?.set(id, asData({ id, seq, data }));
    else tables.get(kind)?.delete(id);
  }
}

/**
 * Begin again from no cursor. What is here stays and is shown until the new replica stands whole: each row carries the
 * round it came in, and the last page drops those of earlier rounds.
 * @param {string} staffId
 */
async function beginAnew(staffId) {
  await write(replicaOf(staffId), ["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    for (const key of ["cursor", "filled"]) await meta.delete(key);
    await meta.put({ key: "round", value: ((await meta.get("round"))?.value ?? 0) + 1 });
    await meta.put({ key: "anew", value: true });
  });
  if (copy?.staffId === staffId) (await copy.tables).set("meta", new Map());
  announce("replica");
}

/** @param {any} tx @param {number} round */
async function dropEarlierRounds(tx, round) {
  for (const kind of KINDS) {
    const rows = tx.objectStore(kind);
    for (const row of await rows.getAll()) if ((row.round ?? 0) !== round) await rows.delete(row.id);
  }
  await tx.objectStore("meta").delete("anew");
}

/**
 * @param {any} tx @param {Change[]} known @param {Map<Change, Stored>} rows @param {{cursor: string | null, more?: boolean}} answer
 * @returns {Promise<boolean>} whether this page ended a new beginning
 */
async function storeAnswer(tx, known, rows, { cursor, more }) {
  const meta = tx.objectStore("meta");
  const round = (await meta.get("round"))?.value;
  const withRound = (/** @type {Stored | undefined} */ row) => (row && round ? { ...row, round } : row);
  await Promise.all(known.map((change) => store(tx, change, withRound(rows.get(change))))); // issued in order, so done in order
  await meta.put({ key: "cursor", value: cursor });
  if (more) return false;
  await meta.put({ key: "filled", value: true });
  const anew = Boolean(await meta.get("anew"));
  if (anew) await dropEarlierRounds(tx, round);
  return anew;
}

/**
 * Take one answer's changes and cursor, together; `reset` begins anew. The outbox is never touched from here. With no
 * room on the phone the changes are shown all the same, and come again with the next answer.
 * @param {string} staffId @param {{changes: Change[], cursor: string | null, reset?: boolean, more?: boolean}} answer
 */
export async function applyAnswer(staffId, answer) {
  if (answer.reset) return beginAnew(staffId);
  const known = answer.changes.filter((change) => KINDS.includes(change.kind)); // kinds of a newer server are not ours to show
  const rows = await sealed(known);
  try {
    const anew = await write(replicaOf(staffId), [...KINDS, "meta"], (tx) => storeAnswer(tx, known, rows, answer));
    if (!answer.more && copy?.staffId === staffId) (await copy.tables).set("meta", new Map([["filled", true]]));
    if (anew) copy = null;
  } catch (error) {
    if (error instanceof StorageError && known.length) {
      await tablesOf(staffId); // in memory, and nowhere else
      await show(staffId, known);
    }
    throw error;
  }
  if (known.length) await show(staffId, known);
}

/** @param {string} staffId @param {Change[]} changes */
async function show(staffId, changes) {
  await follow(staffId, changes);
  announce("replica");
}

/** Bring the copy in memory after the database. @param {string} staffId @param {Change[]} changes */
async function follow(staffId, changes) {
  if (copy?.staffId !== staffId) return;
  if (changes.some((change) => change.removed && change.kind === "client")) copy = null;
  else applyToCopy(await copy.tables, changes);
}

/**
 * Take older entries fetched on demand: they fill in, and never replace what came by sync.
 * @param {string} staffId @param {Change[]} changes
 */
export async function addOlder(staffId, changes) {
  const known = (await tablesOf(staffId)).get("entry") ?? new Map();
  const fresh = changes.filter((change) => change.kind === "entry" && !change.removed && !known.has(change.id));
  const rows = await sealed(fresh);
  await write(replicaOf(staffId), ["entry"], (tx) =>
    Promise.all([...rows.values()].map((row) => tx.objectStore("entry").put(row))),
  );
  await follow(staffId, fresh);
  announce("replica");
}

/** Take these rows off the phone. @param {string} staffId @param {Change[]} changes each `removed`, of entries and cases */
export async function forget(staffId, changes) {
  await write(replicaOf(staffId), ["entry", "case"], (tx) =>
    Promise.all(changes.map(({ kind, id }) => tx.objectStore(kind).delete(id))),
  );
  await follow(staffId, changes);
  announce("replica");
}
