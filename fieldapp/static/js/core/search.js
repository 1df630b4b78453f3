// @ts-check
/** Search in the phone's own clients: instant, and forgiving of spelling. Pure. */

/** Letters to a skeleton in which Bjørg, Bjoerg and Bjorg, or Åse, Aase and Ase, are one. @param {string} text */
export function skeleton(text) {
  return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "")
    .replaceAll("æ", "a").replaceAll("ø", "o").replaceAll("ae", "a").replaceAll("oe", "o").replaceAll("aa", "a");
}

/** @param {unknown} text */
const words = (text) => skeleton(String(text ?? "")).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

/**
 * Are the two at most one slip apart: a letter wrong, missing, extra, or two swapped?
 * @param {string} a @param {string} b
 */
export function oneSlip(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  const [restA, restB] = [a.slice(i), b.slice(i)];
  const swapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1) || swapped;
}

/** A word begins with what was typed, give or take a slip; the first letter must be right. @param {string} word @param {string} typed */
function nearlyBegins(word, typed) {
  if (typed.length < 4 || word[0] !== typed[0]) return false;
  return [-1, 0, 1].some((more) => oneSlip(word.slice(0, typed.length + more), typed));
}

/** @type {WeakMap<object, {names: string[], others: string[], years: string[]}>} */
const folded = new WeakMap();

/** @param {any} client */
function wordsOf(client) {
  let known = folded.get(client);
  if (!known) {
    const year = String(client.birth_year ?? "");
    known = { names: [...words(client.alias), ...words(client.name)], others: words(client.address), years: year ? [year, year.slice(2)] : [] };
    folded.set(client, known);
  }
  return known;
}

/** How badly one typed word fits a client; Infinity: not at all. @param {any} client @param {string} typed */
function misfit(client, typed) {
  const { names, others, years } = wordsOf(client);
  if (names.some((word) => word === typed)) return 0;
  if (names.some((word) => word.startsWith(typed))) return 1;
  if (years.includes(typed)) return 2;
  if (others.some((word) => word.startsWith(typed))) return 3;
  if (typed.length > 2 && names.some((word) => word.includes(typed))) return 4;
  if (names.some((word) => nearlyBegins(word, typed))) return 5;
  if (others.some((word) => nearlyBegins(word, typed))) return 6;
  return Infinity;
}

/**
 * Clients whose name, alias, birth year or address fit everything that was typed, best first; all by name when nothing was.
 * @param {Iterable<any>} clients @param {string} text
 */
export function search(clients, text) {
  const typed = words(text);
  return [...clients]
    .map((client) => ({ client, misfit: typed.reduce((sum, word) => sum + misfit(client, word), 0) }))
    .filter((hit) => hit.misfit < Infinity)
    .sort((a, b) => a.misfit - b.misfit || byName(a.client, b.client))
    .map((hit) => hit.client);
}

const collator = new Intl.Collator("nb");

/** @param {any} a @param {any} b */
const byName = (a, b) => collator.compare(a.name ?? "", b.name ?? "");
