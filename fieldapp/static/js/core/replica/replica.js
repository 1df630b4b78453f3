// @ts-check
/** The one thing the screens are drawn from: the replica, with what waits on this phone folded in. */
import { clockOffset } from "../device.js";
import { fold, takenBack } from "./fold/index.js";
import { correctedMs } from "./clock.js";
import { copiesOf } from "../send/copies.js";
import { storage } from "../db.js";
import { lockedEntriesOf } from "../send/locked_entries.js";
import { counts, held, judgedHere, pending, unproven } from "../send/outbox.js";
import { recordsIn, withoutDuplicates } from "../merged.js";
import { overlayOn } from "./overlay.js";
import { isWhole, leftFor, tablesOf } from "../tables.js";
import { getValue } from "../values.js";
import { mayKeep } from "../kept.js";
import { VaultClosed } from "../vault.js";
import { readGate } from "../vault/gate.js";

export { applyAnswer } from "../tables.js";

const newestFirst = (/** @type {any} */ a, /** @type {any} */ b) => correctedMs(b) - correctedMs(a);

/** Entries by client, made on first use and kept for the state's life. @param {Map<string, any>} entries @param {import("../merged.js").RecordOf} recordOf */
function byClient(entries, recordOf) {
  /** @type {Map<string, any[]> | null} */
  let groups = null;
  const sorted = new Set();
  return (/** @type {string} */ askedFor) => {
    const clientId = recordOf(askedFor);
    groups ??= grouped(entries);
    const mine = groups.get(clientId) ?? [];
    if (!sorted.has(clientId)) sorted.add(mine.sort(newestFirst) && clientId);
    return mine;
  };
}

/** @param {Map<string, any>} entries */
function grouped(entries) {
  const groups = new Map();
  for (const entry of entries.values()) {
    if (groups.has(entry.client_id)) groups.get(entry.client_id).push(entry);
    else groups.set(entry.client_id, [entry]);
  }
  return groups;
}

/** `local`: pending or held on this phone, null once the server has it. What was written of a duplicate stands in the record of the other. @param {any[]} rows of outbox or copies @param {string} staffId @param {import("../merged.js").RecordOf} recordOf */
const asEntries = (rows, staffId, recordOf) =>
  rows.map(({ id, entry, state }) => {
    const local = state === undefined || judgedHere.has(id) ? null : state === "pending" ? "pending" : "held";
    return { ...entry, client_id: recordOf(entry.client_id), author_id: staffId, local };
  });

const inOrder = (/** @type {any} */ a, /** @type {any} */ b) => a.device_seq - b.device_seq;

/** What the server has but the replica not yet: acked without a sync since, or the replica is being filled. @param {any[]} copies @param {boolean} filling */
const notYetDown = (copies, filling) => copies.filter((copy) => filling || !copy.in_replica_at);

/** @param {Map<string, any>} alerts */
const unresolved = (alerts) => new Map([...alerts].filter(([, alert]) => alert.state !== "resolved"));

async function syncState() {
  const { lastAt = null, lastOutcome = null, alertingOk = null, signedOut = false } = (await getValue("sync")) ?? {};
  return {
    kept: await mayKeep(),
    lastAt,
    lastOutcome,
    alertingOk,
    signedOut,
    online: globalThis.navigator?.onLine ?? true,
    storageFull: storage.full,
  };
}

/** @param {any} over @param {any[]} copies */
function markLost(over, copies) {
  for (const { id, lost } of copies) if (lost) over.patch("entry", id, { lost });
}

/** @param {Map<string, Map<string, any>>} tables @param {any[]} waiting @param {any[]} heldRows @param {string} staffId @param {number} nowMs */
function folded(tables, waiting, heldRows, staffId, nowMs) {
  const over = overlayOn(tables);
  const recordOf = recordsIn(tables.get("client"));
  const entries = asEntries(waiting, staffId, recordOf);
  for (const entry of entries) if (!tables.get("entry")?.has(entry.id)) over.put("entry", entry.id, entry);
  for (const entry of asEntries(heldRows, staffId, recordOf))
    if (!over.get("entry", entry.id)) over.put("entry", entry.id, entry);
  const retracted = takenBack(over.table("entry").values());
  fold(
    over,
    entries.filter((entry) => !tables.get("entry")?.has(entry.id)),
    retracted,
    nowMs,
  );
  return { over, retracted, recordOf };
}

/** @typedef {{soon?: boolean, client?: string | null}} How `soon`: enough for lists, and the entries of `client` */

/** What only the person whose vault is open may see. @param {string} staffId @param {How} how */
async function ofPerson(staffId, how) {
  const [tables, waiting, copies, heldRows, numbers] = await Promise.all([
    tablesOf(staffId, how),
    pending(staffId),
    copiesOf(staffId),
    held(staffId),
    counts(staffId),
  ]);
  const [whole, left, lockedEntries] = await Promise.all([
    isWhole(staffId),
    leftFor(staffId),
    lockedEntriesOf(staffId),
  ]);
  return { tables, waiting, copies, heldRows, numbers, whole, left, lockedEntries };
}

const ofNobody = async () => ({
  tables: new Map(),
  waiting: [],
  copies: [],
  heldRows: [],
  numbers: { ...(await counts()), unproven: await unproven() },
  whole: true,
  lockedEntries: /** @type {import("../send/locked_entries.js").LockedEntry[]} */ ([]),
  left: /** @type {import("../ending.js").Left} */ ("whole"),
});

/**
 * Everything the screens need, now. The maps are shared between reads and must not be changed.
 * On a locked phone `me` is null and `gate` says who stands before it: nothing of anybody is in the state then.
 * `sync.filling`: the server has not yet sent this person all it has, so what is missing here may be on its way.
 * `lockedEntries`: written on the locked phone, and to be confirmed. `sync.kept`: may what is fetched lie on this phone.
 * `sync.left`: stubs or behind when only short names may still be shown. `whole`: every entry is opened.
 * `sync.storageFull`: nothing new can be saved. An entry has `lost`: names of what in it does not hold, as somebody
 * else's was newer.
 * `retracted` holds ids of entries taken back or moved away. A client has `pending` (registered here) or
 * `pending_update`; an alert `pending` (raised here, nobody told yet), `pending_ack`, `pending_snooze`, `pending_end`,
 * `pending_hand_over`; cases, absences, visits, hand-overs and duty `pending`; a duty `pending_offer` or `pending_take` besides.
 * @param {How} [how]
 */
export async function readState(how = {}) {
  const gate = await readGate();
  const who = gate.open ? gate.who : null;
  try {
    return await stateOf(gate, who, who ? await ofPerson(who.id, how) : await ofNobody());
  } catch (error) {
    if (!(error instanceof VaultClosed)) throw error;
    return stateOf({ ...gate, open: false }, null, await ofNobody()); // locked meanwhile
  }
}

/** @param {Awaited<ReturnType<typeof readGate>>} gate @param {import("../staff.js").Staff | null} who @param {Awaited<ReturnType<typeof ofPerson>>} mine */
async function stateOf(gate, who, { tables, waiting, copies, heldRows, numbers, whole, left, lockedEntries }) {
  const [offset, sync, ended] = await Promise.all([clockOffset(), syncState(), getValue("access_ended")]);
  const nowMs = Date.now() + (offset ?? 0);
  const filling = Boolean(who) && !tables.get("meta")?.get("filled");
  const unseen = [...notYetDown(copies, filling), ...waiting].sort(inOrder);
  const { over, retracted, recordOf } = folded(tables, unseen, heldRows, who?.id ?? "", nowMs);
  markLost(over, copies);
  const entries = over.table("entry");
  return {
    me: who,
    gate,
    whole,
    lockedEntries,
    nowMs,
    staff: over.table("staff"),
    teams: over.table("team"),
    clients: withoutDuplicates(over.table("client"), recordOf),
    entries,
    entriesOf: byClient(entries, recordOf),
    retracted,
    cases: over.table("case"),
    alerts: unresolved(over.table("alert")),
    absences: over.table("absence"),
    agreements: over.table("agreement"),
    risks: over.table("risk"),
    plans: over.table("plan"),
    tasks: over.table("task"),
    contactPersons: over.table("contact_person"),
    housing: over.table("housing"),
    decisions: over.table("decision"),
    handovers: over.table("handover"),
    planned: over.table("planned"),
    board: over.table("board"),
    hours: over.table("hours"),
    handOvers: over.table("hand_over"),
    visits: over.table("visit"),
    facts: over.table("fact"),
    codes: over.table("codes"),
    duty: [...over.table("duty").values()],
    outbox: { ...numbers, held: heldRows },
    sync: { ...sync, filling, left },
    accessEnded: Boolean(ended) && !gate.who,
  };
}
