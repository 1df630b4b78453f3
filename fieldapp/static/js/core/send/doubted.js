// @ts-check
/**
 * Entries that the network may be refusing for what is in them: a proxy says 413, a filter 403, a gateway 502, and only
 * for that one. Invariant: no entry waits for another. What is doubted goes after everything else, and what did not get
 * through alone is tried again after a growing wait. Kept while this page or worker lives; a new start tries at once.
 */
import { elapsed } from "../elapsed.js";

/** Waits after each time an entry alone did not get through, in ms. */
const WAITS = [5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000];

/** @type {Map<string, {times: number, due: number, suspected?: boolean}>} */
const doubted = new Map();

/** @param {string} id */
export const isDoubted = (id) => doubted.has(id);

/** May it be tried now. @param {string} id */
export const isDue = (id) => (doubted.get(id)?.due ?? 0) <= elapsed.now();

/** A request that held these failed, and it may be for one of them. @param {string[]} ids */
export function doubt(ids) {
  for (const id of ids) if (!doubted.has(id)) doubted.set(id, { times: 0, due: 0 });
}

/**
 * It failed alone while the server answered: perhaps the server had just come back. Once more shows it.
 * @param {string} id @returns {boolean} whether this is the first such failure
 */
export function suspect(id) {
  const one = doubted.get(id);
  if (!one || one.times || one.suspected) return false;
  one.suspected = true;
  return true;
}

/** It did not get through alone. @param {string} id @param {number} [atLeastMs] a longer wait that was asked for */
export function setBack(id, atLeastMs = 0) {
  const times = (doubted.get(id)?.times ?? 0) + 1;
  doubted.set(id, { times, due: elapsed.now() + Math.max(WAITS[Math.min(times, WAITS.length) - 1], atLeastMs) });
}

/** They got through. @param {string[]} ids */
export const trust = (ids) => ids.forEach((id) => doubted.delete(id));

/** Does something doubted wait to be tried soon: sooner than the usual round. */
export const someAreDue = () => [...doubted.values()].some(({ due }) => due <= elapsed.now());

/** A person asks for it now. */
export const endWaits = () =>
  doubted.forEach((one) => {
    one.due = 0;
  });

/** Forget everything, as a new start does. */
export const forgetDoubts = () => doubted.clear();
