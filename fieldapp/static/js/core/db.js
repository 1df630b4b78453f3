// @ts-check
/**
 * Opens the phone's databases and gives out transactions; knows nothing of what is in them.
 *
 * iOS kills the connection in the background and a cached handle then fails for ever. So no caller holds a handle:
 * `read` and `write` take one, and when it turns out dead they drop it, open anew and try once more. Work given to
 * them must therefore be safe to run twice.
 *
 * Nor may a page that is put aside for «back» keep a transaction: WebKit lets it hold the store, and every page after it
 * waits for ever. What runs then is undone, and done again if the page comes back.
 */
import { deleteDB, openDB } from "../../vendor/idb.js";
import { emit } from "./bus.js";

/**
 * @typedef {{name: string, steps: ((db: any, tx: any) => void)[]}} Schema
 * One function a version, only ever added to: old stores are never renamed or removed.
 */

/** Why storage did not work; `code`: update_needed · storage_full · storage_failed. */
export class StorageError extends Error {
  /** @param {string} code @param {unknown} cause */
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/** Did the last write find no room: then nothing new can be saved here, and the screens say so. */
export const storage = { full: false };

/** @param {boolean} full */
function noteRoom(full) {
  if (storage.full === full) return;
  storage.full = full;
  emit("changed", { what: "storage", remote: false });
}

const CODES = { __proto__: null, VersionError: "update_needed", QuotaExceededError: "storage_full" };
const DEAD = new Set(["UnknownError", "InvalidStateError"]);

/** @type {Map<string, Promise<any>>} */
const handles = new Map();

/** What runs now. @type {Set<any>} */
const running = new Set();
/** While this page is put aside: until it is shown again. @type {Promise<unknown> | null} */
let aside = null;

globalThis.addEventListener?.("pagehide", (/** @type {any} */ { persisted }) => {
  if (!persisted) return;
  aside = new Promise((shown) => globalThis.addEventListener("pageshow", shown, { once: true })).then(() => {
    aside = null;
  });
  for (const tx of running) undo(tx);
});

/** @param {any} tx */
function undo(tx) {
  try {
    tx.abort();
  } catch {
    /* it had already ended */
  }
}

/** @param {any} error */
const isDead = (error) =>
  DEAD.has(error?.name) || (error?.name === "AbortError" && /connection|clos|lost/i.test(error.message));

/** @param {any} error */
function asStorageError(error) {
  const known = error?.name in CODES || DEAD.has(error?.name) || error?.name === "AbortError";
  return known ? new StorageError(/** @type {any} */ (CODES)[error.name] ?? "storage_failed", error) : error;
}

/** @param {Schema} schema */
function open(schema) {
  const forget = () => handles.delete(schema.name);
  const opening = openDB(schema.name, schema.steps.length, {
    /** @param {any} db @param {number} from @param {number} _to @param {any} tx */
    upgrade: (db, from, _to, tx) => schema.steps.slice(from).forEach((step) => step(db, tx)),
    blocked: () => emit("blocked"),
    /** @param {number} _from @param {number} _to @param {any} event */
    blocking: (_from, _to, event) => {
      forget();
      event.target.close();
    },
    terminated: forget,
  });
  opening.catch(forget);
  return opening;
}

/** @param {Schema} schema */
function handle(schema) {
  const known = handles.get(schema.name) ?? open(schema);
  handles.set(schema.name, known);
  return known;
}

/** @param {Schema} schema */
async function drop(schema) {
  const old = handles.get(schema.name);
  handles.delete(schema.name);
  await old?.then((db) => db.close()).catch(() => {});
}

/** @param {Schema} schema @param {(db: any) => Promise<any>} work */
async function reviving(schema, work) {
  await aside;
  try {
    return await work(await handle(schema));
  } catch (error) {
    if (!isDead(error) && !aside) throw asStorageError(error);
  }
  await aside;
  await drop(schema);
  try {
    return await work(await handle(schema));
  } catch (error) {
    throw asStorageError(error);
  }
}

/** @param {any} tx @param {(tx: any) => any} work */
async function run(tx, work) {
  tx.done.catch(() => {}); // awaited below; this only keeps an early failure from being called unhandled
  running.add(tx);
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (error) {
    undo(tx);
    throw error;
  } finally {
    running.delete(tx);
  }
}

/**
 * @template T @param {Schema} schema @param {string[]} stores @param {(tx: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
export function read(schema, stores, work) {
  return reviving(schema, (db) => run(db.transaction(stores, "readonly"), work));
}

/**
 * All of `work` or nothing; resolves when the transaction is complete and flushed to the disk, not before.
 * @template T @param {Schema} schema @param {string[]} stores @param {(tx: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function write(schema, stores, work) {
  try {
    const result = await reviving(schema, (db) =>
      run(db.transaction(stores, "readwrite", { durability: "strict" }), work),
    );
    noteRoom(false);
    return result;
  } catch (error) {
    if (error instanceof StorageError && error.code === "storage_full") noteRoom(true);
    throw error;
  }
}

/**
 * A write that nothing may stop for: sending must go on when the storage is full.
 * @param {() => Promise<unknown>} work @returns {Promise<boolean>} whether it was written
 */
export async function ifRoom(work) {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    console.error("not stored", error.code);
    return false;
  }
}

/** Close and delete a whole database. @param {Schema} schema */
export async function destroy(schema) {
  await drop(schema);
  await deleteDB(schema.name);
}

/** Close every handle, as the platform does to a page in the background. */
export async function closeAll() {
  await Promise.all(
    [...handles.values()].map((opening) =>
      opening.then(
        (db) => db.close(),
        () => {},
      ),
    ),
  );
}
