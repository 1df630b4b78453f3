// @ts-check
/**
 * What the server has acknowledged, kept on the phone for two reasons:
 *   1. it stays on the screen until the replica holds the server's copy, also when the session ended in between;
 *   2. it can be offered again when the server was put back from a backup and no longer has it.
 * Invariant: a copy goes only a week after the replica has held it, or a month after an ack when its author never
 * synced here again, both by the server's time. Ids make offering again safe.
 *
 * A row: {id, device_seq, author_id, key_id, sealed, copy?, acked_at, in_replica_at?, lost?} with times of the server in ms.
 */
import { announce } from "../bus.js";
import { read, write } from "../db.js";
import { lostFields } from "../effect.js";
import { PHONE } from "../schema.js";
import { tablesOf } from "../tables.js";
import { changeIn } from "../values.js";
import { entryOf, opened } from "./sealed.js";

/** @typedef {import("./outbox.js").Row} Row */

const DAY = 86_400_000;
const KEEP_MS = 7 * DAY;
/** A new replica holds no entry older than this either. */
const KEEP_UNSEEN_MS = 30 * DAY;

/** @param {string} staffId */
const ofAuthor = (staffId) => IDBKeyRange.bound([staffId], [staffId, Infinity]);

/** @param {Row} row @param {number | null} ackedAt */
export const asCopy = ({ id, device_seq, author_id, key_id, sealed, copy }, ackedAt) => ({
  id,
  device_seq,
  author_id,
  key_id,
  sealed,
  copy,
  acked_at: ackedAt,
});

/** One author's copies with the entry opened, oldest first. @param {string} staffId */
export async function copiesOf(staffId) {
  const rows = await read(PHONE, ["copies"], (tx) =>
    tx.objectStore("copies").index("by_author").getAll(ofAuthor(staffId)),
  );
  return opened(rows);
}

/** @param {any} row @param {number} now */
const isOver = (row, now) => now - (row.in_replica_at ?? row.acked_at) > (row.in_replica_at ? KEEP_MS : KEEP_UNSEEN_MS);

/**
 * The replica now holds all that the server has for this person: note so, and what of it had no effect there. Drop what
 * has been kept long enough, of whoever.
 * @param {string} staffId @param {string} serverTime
 */
export async function sweepCopies(staffId, serverTime) {
  const now = Date.parse(serverTime);
  const rows = await read(PHONE, ["copies"], (tx) => tx.objectStore("copies").getAll());
  const came = rows.filter((/** @type {any} */ row) => row.author_id === staffId && !row.in_replica_at);
  const over = rows.filter((/** @type {any} */ row) => row.acked_at && isOver(row, now));
  if (!came.length && !over.length) return;
  const tables = came.length ? await tablesOf(staffId) : new Map();
  const lost = await Promise.all(
    came.map(async (/** @type {any} */ row) => lostFields((await entryOf(row)) ?? {}, tables)),
  );
  await write(PHONE, ["copies"], async (tx) => {
    const copies = tx.objectStore("copies");
    for (const [i, row] of came.entries()) {
      await copies.put({
        ...row,
        acked_at: row.acked_at ?? now,
        in_replica_at: now,
        ...(lost[i].length ? { lost: lost[i] } : {}),
      });
    }
    for (const row of over) await copies.delete(row.id);
  });
  announce("outbox");
}

/** @param {any} tx @param {any[]} rows */
async function offer(tx, rows) {
  for (const { acked_at: _acked, in_replica_at: _held, lost: _lost, ...row } of rows) {
    await tx.objectStore("outbox").put({ ...row, state: "pending", saved_at: Date.now() });
    await tx.objectStore("copies").delete(row.id);
  }
}

/**
 * Begin again with a server whose log is another than before: everything held goes up again, of every author.
 * @param {string | undefined} epoch as the answer names it @param {boolean} reset
 * @returns {Promise<number>} how many are offered again
 */
export async function offerAgainAfter(epoch, reset) {
  const known = await read(PHONE, ["values"], (tx) => tx.objectStore("values").get("epoch"));
  if (!reset && (!epoch || known?.value === epoch)) return 0;
  const offered = await write(PHONE, ["outbox", "copies", "values"], async (tx) => {
    const rows = await tx.objectStore("copies").getAll();
    await offer(tx, rows);
    if (epoch) await changeIn(tx, "epoch", () => epoch);
    return rows.length;
  });
  if (offered) announce("outbox");
  return offered;
}

/**
 * The server misses these numbers of this phone: offer again what is still held, and say which are not.
 * @param {number[]} seqs
 * @returns {Promise<{offered: number, gone: number[]}>} `gone`: numbers that nobody here holds any more
 */
export async function answerMissing(seqs) {
  const missing = new Set(seqs);
  const [waiting, copies] = await read(PHONE, ["outbox", "copies"], (tx) =>
    Promise.all([tx.objectStore("outbox").getAll(), tx.objectStore("copies").getAll()]),
  );
  const again = copies.filter((/** @type {any} */ row) => missing.has(row.device_seq));
  const held = new Set([...waiting, ...again].map((row) => row.device_seq));
  if (again.length) {
    await write(PHONE, ["outbox", "copies"], (tx) => offer(tx, again));
    announce("outbox");
  }
  return { offered: again.length, gone: seqs.filter((seq) => !held.has(seq)) };
}
