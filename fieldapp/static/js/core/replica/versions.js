// @ts-check
/**
 * Which versions of one thing stand, where people may have written without having seen each other: the same rule as
 * sync/versions.py, checked against the same vectors.
 */

/** @typedef {{id: string, at: string, author_id: string, replaces?: string[] | null}} Version `at` sorts as time does */

/** @param {any} a @param {any} b */
const newestFirst = (a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.id < b.id ? 1 : -1);

/** Whoever does not say what they replace, replaces their own. @param {Version} later @param {Version} version */
const replaces = (later, version) =>
  later.replaces ? later.replaces.includes(version.id) : later.author_id === version.author_id;

/** Those that stand, the newest first. @template {Version} V @param {V[]} versions @returns {V[]} */
export function standingVersions(versions) {
  const sorted = [...versions].sort(newestFirst);
  return sorted.filter((one, i) => !sorted.slice(0, i).some((later) => replaces(later, one)));
}
