// @ts-check
/** What waiting entries do to the team's board: the newest word about a client stands, by clock time, then id. */
import { utcIso } from "../../time.js";
import { clockMs, waits } from "../clock.js";

/** @typedef {import("../overlay.js").Overlay} Overlay */

/** Whose board it is: the one that is named, else the one the client is up on, else the first that follows. @param {Overlay} over @param {any} entry */
function teamOf(over, entry) {
  const named = entry.body.team_id ?? entry.team_id;
  const cards = [...over.table("board").values()].filter((card) => card.client_id === entry.client_id);
  return named ?? cards[0]?.team_id ?? over.get("client", entry.client_id)?.team_ids?.[0] ?? null;
}

/** The client's card on that board. @param {Overlay} over @param {any} entry @param {string | null} teamId */
const cardOf = (over, entry, teamId) =>
  [...over.table("board").values()].find((card) => card.client_id === entry.client_id && card.team_id === teamId);

/** Did the card come to stand where it does after this was written? @param {any} card @param {any} entry @param {number} nowMs */
function isNewer(card, entry, nowMs) {
  const [at, by] = [Date.parse(card.noted_at), clockMs(entry, nowMs)];
  return at > by || (at === by && card.entry_id > entry.id);
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function placed(over, entry, nowMs) {
  const teamId = teamOf(over, entry);
  const before = cardOf(over, entry, teamId);
  if (before && isNewer(before, entry, nowMs)) return;
  const at = utcIso(clockMs(entry, nowMs));
  const id = before?.id ?? entry.id;
  over.put("board", id, {
    ...entry.body,
    id,
    client_id: entry.client_id,
    team_id: teamId,
    since_at: before?.since_at ?? at,
    entry_id: entry.id,
    author_id: entry.author_id,
    noted_at: at,
    pending: waits(entry),
  });
}

/** @param {Overlay} over @param {any} entry @param {number} nowMs */
export function removed(over, entry, nowMs) {
  const card = cardOf(over, entry, teamOf(over, entry));
  if (card && !isNewer(card, entry, nowMs)) over.remove("board", card.id);
}

/** Who was put up by an entry that was taken back here is gone at once; where they stood before, only the server knows. @param {Overlay} over @param {string[]} entryIds */
export function placedNoMore(over, entryIds) {
  for (const card of [...over.table("board").values()])
    if (card.id === card.entry_id && entryIds.includes(card.id)) over.remove("board", card.id);
}
