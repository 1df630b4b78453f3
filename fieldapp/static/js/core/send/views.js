// @ts-check
/**
 * Reports of what was opened on this phone, for the read log: one each time a client stood on the screen. They are made and
 * stored here, sealed to the server; views_lane.js sends them.
 *
 * Invariants: a report lies on the phone from the moment that the client stands there, so that killing the app keeps
 * nothing back; nobody reads from a row whom it is about or who looked; and it goes only after a verdict of its own.
 *
 * A row: {id, key_id, sealed, not_before?, code?}. `not_before`: the client still stands there, and the end is put in when
 * it no longer does; what was killed meanwhile goes up as it is. `code`: why the server could not take it.
 */
import { emit } from "../bus.js";
import { ifRoom, read, write } from "../db.js";
import { clockOffset } from "../device.js";
import { elapsed } from "../elapsed.js";
import { uuid7 } from "../ids.js";
import { PHONE } from "../schema.js";
import { sealReport } from "../sealing.js";
import { sealingKey } from "../sealing_key.js";
import { staffOnPhone } from "../staff.js";
import { localIso, utcIso } from "../time.js";

/** @typedef {{id: string, key_id: string, sealed: string, not_before?: number, code?: string}} Row */
/** @typedef {{id: string, staffId: string, clientId: string, from: number, began: number}} View `from` by the clock, `began` by elapsed time */

const STORE = "views";
/** After so long one report is ended and the next begun, though the client still stands there. */
export const RENEW_MS = 3 * 60_000;
/** How long a report waits for its end: longer than it can be open. */
const OPEN_MS = RENEW_MS + 60_000;
/** The server takes no offset beyond ten years. */
const FAR_MS = 10 * 365 * 86_400_000;

/** What the storage had no room for, sealed all the same: kept while this page lives. @type {Map<string, Row>} */
const noRoom = new Map();

/** This client stands on the screen from now on. @param {string} staffId @param {string} clientId @returns {View} */
export const startView = (staffId, clientId) => ({
  id: uuid7(),
  staffId,
  clientId,
  from: Date.now(),
  began: elapsed.now(),
});

/** The end goes by elapsed time: a clock set back meanwhile must not end it before it began. @param {View} view @param {number} lastedMs */
async function reportOf({ id, staffId, clientId, from }, lastedMs) {
  const [staff, measured] = await Promise.all([staffOnPhone(staffId), clockOffset()]);
  const isFar = measured !== null && Math.abs(measured) > FAR_MS;
  const at = (/** @type {number} */ ms) => (isFar ? utcIso(ms + measured) : localIso(new Date(ms)));
  return {
    id,
    staff_id: staffId,
    ...(staff?.delivery_key ? { author_key: staff.delivery_key } : {}),
    clock_offset_ms: isFar ? 0 : measured,
    views: [{ client_id: clientId, from_at: at(from), to_at: at(from + Math.max(0, lastedMs)) }],
  };
}

/** @param {View} view @param {number} lastedMs @param {{not_before?: number}} [also] */
async function keep(view, lastedMs, also = {}) {
  const key = await sealingKey();
  if (!key) return console.error("not noted: no key to seal to");
  const row = { ...(await sealReport(key, await reportOf(view, lastedMs))), ...also };
  noRoom.set(row.id, row);
  const rows = [...noRoom.values()];
  const stored = await ifRoom(() =>
    write(PHONE, [STORE], async (tx) => {
      for (const one of rows) await tx.objectStore(STORE).put(one);
    }),
  );
  if (stored) for (const one of rows) if (noRoom.get(one.id) === one) noRoom.delete(one.id);
}

/** @param {View} view */
export const noteOpened = (view) => keep(view, 0, { not_before: Date.now() + OPEN_MS });

/** @param {View} view @param {number} ended by elapsed time */
export async function noteClosed(view, ended) {
  await keep(view, ended - view.began);
  emit("viewed");
}

/** A clock set back holds nothing back. @param {Row} row @param {number} [now] */
const isOver = ({ not_before: at }, now = Date.now()) => !at || now >= at || at - now > OPEN_MS;

/** What may be sent now, oldest first; what the server could not take comes last, and only when it is asked for. @param {{heldToo: boolean}} how @returns {Promise<Row[]>} */
export async function reportsToSend({ heldToo }) {
  const stored = await read(PHONE, [STORE], (tx) => tx.objectStore(STORE).getAll());
  const rows = new Map([...stored, ...noRoom.values()].map((row) => [row.id, row]));
  const due = [...rows.values()].filter((row) => isOver(row));
  return [...due.filter((row) => !row.code), ...(heldToo ? due.filter((row) => row.code) : [])];
}

/** Does something wait that has not been offered to the server. */
export const reportsWait = async () => (await reportsToSend({ heldToo: false })).length > 0;

/** @typedef {{id: string|null, verdict: string, code?: string}} Verdict */

/** @param {Verdict} verdict */
const isFinal = ({ verdict, code }) =>
  verdict === "accepted" || verdict === "duplicate" || (verdict === "rejected" && code !== "author_unproven");

/** @param {any} store @param {Row} sent @param {Verdict} verdict */
async function settleOne(store, sent, verdict) {
  const stands = await store.get(sent.id);
  if (stands?.sealed !== sent.sealed) return; // its end was put in meanwhile: that one waits for its own answer
  if (isFinal(verdict)) await store.delete(sent.id);
  else if (verdict.code) await store.put({ ...stands, code: verdict.code });
}

/** Only a verdict with a report's own id touches it. @param {Row[]} sent @param {Verdict[]} results */
export async function settleReports(sent, results) {
  const verdicts = new Map([...results].reverse().map((one) => [one?.id, one]));
  const judged = sent.filter((row) => verdicts.has(row.id));
  const of = (/** @type {Row} */ row) => /** @type {Verdict} */ (verdicts.get(row.id));
  for (const row of judged) if (isFinal(of(row)) && noRoom.get(row.id) === row) noRoom.delete(row.id);
  await write(PHONE, [STORE], async (tx) => {
    for (const row of judged) await settleOne(tx.objectStore(STORE), row, of(row));
  });
}
