// @ts-check
/**
 * What waiting entries do to what stands until a newer one or an ending: risk, plans, people around, agreements,
 * housing, decisions, tasks, planned visits, hand-overs. One rule, by what the row of the type says (sync/entry_type.py).
 */
import { ENTRY_TYPES } from "../../entry_types.js";
import { utcIso } from "../../time.js";
import { clockMs, waits } from "../clock.js";
import { standingVersions } from "../versions.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** @param {any} entry */
const standsOf = (entry) => /** @type {any} */ (ENTRY_TYPES[entry.type]).stands;

/** What was said, by whom and when, as the server tells it. @param {any} entry @param {number} nowMs */
function said(entry, nowMs) {
  const { [standsOf(entry).id]: _id, replaces: _replaces, ...body } = entry.body;
  return { ...body, entry_id: entry.id, author_id: entry.author_id, noted_at: utcIso(clockMs(entry, nowMs)) };
}

/** @param {any} entry */
const around = (entry) => ({ client_id: entry.client_id, team_id: entry.team_id ?? null, pending: waits(entry) });

/** The thing the entry is about, where it is known here. @param {Overlay} over @param {any} entry */
function known(over, entry) {
  const { kind, id, each } = standsOf(entry);
  if (id) return over.get(kind, entry.body[id]);
  const same = (/** @type {any} */ one) =>
    one.client_id === entry.client_id && (!each || one[each] === entry.body[each]);
  return [...over.table(kind).values()].find(same);
}

/** @param {any} version @param {string[]} [replaces] */
const asVersion = (version, replaces) => ({
  id: version.entry_id,
  at: version.noted_at,
  author_id: version.author_id,
  replaces,
  version,
});

/** @type {Record<string, (over: Overlay, entry: any, nowMs: number) => void>} */
const PARTS = {
  opens(over, entry, nowMs) {
    const { kind, id } = standsOf(entry);
    const thingId = id ? entry.body[id] : entry.id;
    over.put(kind, thingId, { ...said(entry, nowMs), id: thingId, ...around(entry), read_by: [] });
  },
  version(over, entry, nowMs) {
    const { kind, id, ended } = standsOf(entry);
    const before = known(over, entry);
    const thingId = id ? entry.body[id] : (before?.id ?? entry.id);
    // What the server sent stands there: nothing among it replaces another.
    const there = before ? [before, ...(before.beside ?? [])].map((one) => asVersion(one, [])) : [];
    const stand = standingVersions([...there, asVersion(said(entry, nowMs), entry.body.replaces)]);
    const [{ version: top }, ...rest] = stand;
    if (ended && stand.every(({ version }) => version[ended[0]] === ended[1])) return over.remove(kind, thingId);
    const { beside: _beside, ...shown } = top;
    const beside = rest.length ? { beside: rest.map(({ version }) => version) } : {};
    over.put(kind, thingId, { ...shown, id: thingId, ...around(entry), ...beside });
  },
  reviews(over, entry, nowMs) {
    const { kind, id, ended } = standsOf(entry);
    if (entry.body[ended[0]] === ended[1]) return over.remove(kind, entry.body[id]);
    const { [id]: _id, outcome: _outcome, ...fields } = entry.body;
    const reviewed = { reviewed_at: utcIso(clockMs(entry, nowMs)), reviewed_by: entry.author_id };
    over.patch(kind, entry.body[id], { ...fields, ...reviewed, pending: waits(entry) });
  },
  ends(over, entry) {
    const { kind, id } = standsOf(entry);
    if (entry.body.on) over.patch(kind, entry.body[id], { ended_on: entry.body.on, pending: waits(entry) });
    else over.remove(kind, entry.body[id]);
  },
  withdraws(over, entry, nowMs) {
    const { kind: of, agreement_id: id, how } = entry.body;
    for (const one of over.table("agreement").values()) {
      if (one.client_id !== entry.client_id || one.kind !== of || one.withdrawn_at) continue;
      if (!id || of === "watch" || one.id === id)
        over.patch("agreement", one.id, { withdrawn_at: utcIso(clockMs(entry, nowMs)), withdrawn_how: how });
    }
  },
  reads(over, entry, nowMs) {
    for (const id of entry.body.entry_ids ?? []) {
      const by = { staff_id: entry.author_id, at: utcIso(clockMs(entry, nowMs)) };
      over.patch("handover", id, { read_by: [...(over.get("handover", id)?.read_by ?? []), by] });
    }
  },
};

/** Of the others an older version may stand, which only the server knows: what is there stays until it has answered. */
const GOES_WITH_ITS_ENTRY = ["risk", "handover", "agreement", "task", "planned"];

/** What stood by an entry that was taken back here is gone at once. @param {Overlay} over @param {string[]} entryIds */
export function standsNoMore(over, entryIds) {
  for (const kind of GOES_WITH_ITS_ENTRY)
    for (const one of [...over.table(kind).values()])
      if (entryIds.includes(one.entry_id) && !one.beside) over.remove(kind, one.id);
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export const foldStanding = (over, entry, nowMs) => PARTS[standsOf(entry).part]?.(over, entry, nowMs);
