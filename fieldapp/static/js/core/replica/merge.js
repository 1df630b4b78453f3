// @ts-check
/**
 * Edits of one thing made apart: each field holds the value of its latest edit, whatever the order they arrive in.
 * The same rule as sync/merge.py, checked against the same vectors.
 */

/** @typedef {[string, string]} Stamp clock time and entry id */
/** @typedef {Record<string, [any, Stamp]>} Fields */

/** One text for one value, whatever order its keys came in. @param {any} value @returns {string} */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(",")}}`;
}

/** @param {any} a @param {any} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/** Time, then entry id; the value itself only settles what can't be, two values under one stamp. @param {[any, Stamp]} a @param {[any, Stamp]} b */
const later = ([a, [atA, idA]], [b, [atB, idB]]) =>
  (compare(atA, atB) || compare(idA, idB) || compare(canonical(a), canonical(b))) > 0;

/** The fields that one entry sets. @param {Record<string, any>} values @param {Stamp} stamp @returns {Fields} */
export const edit = (values, stamp) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value, stamp]]));

/** All edits in one; merging in any order, in parts or twice gives the same. @param {Iterable<Fields>} edits @returns {Fields} */
export function merge(edits) {
  /** @type {Fields} */
  const merged = {};
  for (const fields of edits) {
    for (const [name, candidate] of Object.entries(fields)) {
      if (!(name in merged) || later(candidate, merged[name])) merged[name] = candidate;
    }
  }
  return merged;
}

/** The fields without their stamps. @param {Fields} merged */
export const values = (merged) => Object.fromEntries(Object.entries(merged).map(([name, [value]]) => [name, value]));
