// @ts-check
/**
 * A replica opened in this window's memory: the head first, entries when somebody asks. It goes when the phone is locked,
 * when another window has written, and when its time is over. tables.js changes it.
 */
import { on } from "./bus.js";
import { clientsFrom, entriesName, NEWEST, stubsOf } from "./chunks.js";
import { dropEnded, leftOf, serverNow } from "./ending.js";
import { dropKept, readEntries, readHead, readStubs } from "./kept.js";
import { KINDS } from "./schema.js";

/** @typedef {import("./chunks.js").Rows} Rows */
/** @typedef {import("./kept.js").Meta} Meta */
/**
 * @typedef {{staffId: string, meta: Meta, rows: Map<string, Rows>, of: Map<string, number>, left: import("./ending.js").Left,
 *   whole: boolean, opened: Set<string>, tables: Map<string, Map<string, any>>}} Held
 * `whole`: every entry is opened; until then `opened` says whose are.
 */

/** @type {{staffId: string, held: Promise<Held>} | null} */
let copy = null;

on("changed", ({ what, remote }) => {
  if (what === "lock" || what === "vault" || (remote && (what === "replica" || what === "session"))) copy = null;
});

/** @param {import("./chunks.js").Stored} row */
const asData = ({ id, seq, data }) => ({ ...data, id, seq });

/** @param {Rows | undefined} rows */
const asTable = (rows) => new Map([...(rows ?? [])].map(([id, row]) => [id, asData(row)]));

/** @param {Held} held @param {Iterable<string>} kinds whose rows have changed */
export function refresh(held, kinds) {
  for (const kind of kinds) if (kind !== NEWEST) held.tables.set(kind, asTable(held.rows.get(kind)));
  held.tables.set("meta", new Map([["filled", Boolean(held.meta.filled)]]));
}

/** @param {any[]} chunks */
function rowsOfHead(chunks) {
  /** @type {Map<string, Rows>} */
  const rows = new Map([...KINDS, NEWEST].map((kind) => [kind, new Map()]));
  for (const chunk of chunks) for (const row of chunk.rows) rows.get(chunk.kind)?.set(row.id, row);
  for (const { data } of rows.get(NEWEST)?.values() ?? [])
    for (const row of data.rows) rows.get("entry")?.set(row.id, row);
  return rows;
}

/** What does not open is of no use to anybody: the replica goes, and is fetched again. @param {string} staffId @param {unknown} error */
async function dropIfBroken(staffId, error) {
  if (/** @type {any} */ (error)?.name !== "OperationError") throw error;
  console.error("the replica does not open, and is fetched anew");
  await dropKept(staffId);
}

/** @param {string} staffId */
const headOf = (staffId) =>
  readHead(staffId).catch(async (error) => {
    await dropIfBroken(staffId, error);
    return readHead(staffId);
  });

/** @param {string} staffId @returns {Promise<Held>} */
async function load(staffId) {
  const now = await serverNow();
  await dropEnded(staffId, now);
  const { meta, chunks } = await headOf(staffId);
  const rows = rowsOfHead(chunks);
  const left = leftOf(meta.synced_at, now);
  if (left === "stubs") rows.set("client", clientsFrom(await readStubs(staffId)));
  if (left === "behind") rows.set("client", clientsFrom(stubsOf(rows.get("client") ?? new Map())));
  const shown = left === "behind" ? new Map([["client", /** @type {Rows} */ (rows.get("client"))]]) : rows;
  const of = new Map(chunks.map((chunk) => [chunk.kind, chunk.of]));
  /** @type {Held} */
  const held = { staffId, meta, rows: shown, of, left, whole: left !== "whole", opened: new Set(), tables: new Map() };
  refresh(held, KINDS);
  return held;
}

/** @param {string} staffId @returns {Promise<Held>} */
function heldBy(staffId) {
  if (copy?.staffId !== staffId) {
    const held = load(staffId);
    copy = { staffId, held };
    held.catch(() => {
      copy = null;
    });
  }
  return copy.held;
}

/** As it may be shown now: what has ended meanwhile is gone. @param {string} staffId @returns {Promise<Held>} */
export async function current(staffId) {
  const held = await heldBy(staffId);
  if (leftOf(held.meta.synced_at, await serverNow()) === held.left) return held;
  forgetCopy();
  return heldBy(staffId);
}

/** Read it from the storage again the next time somebody asks. */
export function forgetCopy() {
  copy = null;
}

/** What is in memory of this person, if anything. @param {string} staffId @returns {Promise<Held> | null} */
export const inMemory = (staffId) => (copy?.staffId === staffId ? copy.held : null);

/** Open one client's entries. @param {Held} held @param {string} client */
export async function openClient(held, client) {
  if (held.whole || held.opened.has(client)) return;
  take(held, await readEntries(held.staffId, entriesName(client)));
  held.opened.add(client); // who has none, too
}

/** @param {Held} held @param {any[]} chunks of entries */
function take(held, chunks) {
  const entries = new Map(held.rows.get("entry"));
  for (const chunk of chunks) {
    for (const row of chunk.rows) entries.set(row.id, row);
    held.opened.add(chunk.client);
  }
  held.rows = new Map(held.rows).set("entry", entries);
  refresh(held, ["entry"]);
}

/** Every entry opened: needed before anything is written, and by whoever looks for one. @param {string} staffId @returns {Promise<Held>} */
export async function whole(staffId) {
  const held = await current(staffId);
  if (held.whole) return held;
  try {
    take(held, await readEntries(staffId));
    held.whole = true;
    return held;
  } catch (error) {
    await dropIfBroken(staffId, error);
    forgetCopy();
    return current(staffId);
  }
}
