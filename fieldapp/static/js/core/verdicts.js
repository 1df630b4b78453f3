// @ts-check
/** What the server's verdicts do to the outbox: only a verdict with an entry's own id touches it. */
import { announce } from "./bus.js";
import { write } from "./db.js";
import { PHONE } from "./schema.js";

/** @typedef {{id: string|null, verdict: string, code?: string, field?: string, message?: string}} Verdict */
/** @typedef {import("./outbox.js").Row} Row */

/**
 * The row after a verdict, null when it may go, undefined when it says nothing we know.
 * @param {Row} row @param {Verdict} verdict @param {boolean} keepAccepted
 */
export function judged(row, { verdict, code, field, message }, keepAccepted) {
  if (verdict === "accepted" || verdict === "duplicate") return keepAccepted ? { ...row, state: "accepted" } : null;
  // who wrote it could not be proved: not a fault of the entry, so it waits for its author to sign in
  const state = code === "author_unproven" ? "deferred" : verdict;
  if (state !== "rejected" && state !== "deferred") return undefined;
  return { ...row, state, verdict: { code, field, message } };
}

/**
 * @param {any} store @param {Map<string, Row>} rows @param {Verdict} verdict @param {boolean} keepAccepted
 * @returns {Promise<string | null>} the row's new state, null when the verdict changed nothing
 */
async function settleOne(store, rows, verdict, keepAccepted) {
  const row = rows.get(/** @type {string} */ (verdict.id));
  const after = row && judged(row, verdict, keepAccepted);
  if (!row || after === undefined) return null;
  await (after ? store.put(after) : store.delete(row.id));
  if (after && after.state !== "accepted") return after.state;
  for (const other of rows.values()) if (other.mended_by === row.id) await store.delete(other.id);
  return "accepted";
}

/** The first verdict for each entry that was sent; the others are nobody's. @param {string[]} sentIds @param {Verdict[]} results */
function verdictsFor(sentIds, results) {
  const found = new Map();
  for (const result of [...results].reverse()) found.set(result?.id, result);
  return sentIds.map((id) => found.get(id)).filter(Boolean);
}

/**
 * Settle what was sent. `keepAccepted`: more pages are to come before the replica has the server's copies.
 * @param {string[]} sentIds @param {Verdict[]} results @param {{keepAccepted?: boolean}} [how]
 * @returns {Promise<{settled: number, accepted: number}>}
 */
export async function settle(sentIds, results, { keepAccepted = false } = {}) {
  const verdicts = verdictsFor(sentIds, results);
  if (!verdicts.length) return { settled: 0, accepted: 0 };
  const states = await write(PHONE, ["outbox"], async (tx) => {
    const store = tx.objectStore("outbox");
    const rows = new Map((await store.getAll()).map((/** @type {Row} */ row) => [row.id, row]));
    const after = [];
    for (const verdict of verdicts) after.push(await settleOne(store, rows, verdict, keepAccepted));
    return after.filter((state) => state !== null);
  });
  announce("outbox");
  return { settled: states.length, accepted: states.filter((state) => state === "accepted").length };
}

/** Put one entry aside that cannot go out as it is, so that the others can. @param {string} id @param {string} code */
export const setAside = (id, code) => settle([id], [{ id, verdict: "deferred", code }]);

/** The replica now holds the server's copies: drop what was accepted. @param {string} staffId */
export async function sweepAccepted(staffId) {
  const swept = await write(PHONE, ["outbox"], async (tx) => {
    const store = tx.objectStore("outbox");
    const rows = await store.index("by_author").getAll(IDBKeyRange.bound([staffId], [staffId, Infinity]));
    const gone = rows.filter((/** @type {Row} */ row) => row.state === "accepted");
    await Promise.all(gone.map((/** @type {Row} */ row) => store.delete(row.id)));
    return gone.length;
  });
  if (swept) announce("outbox");
}
