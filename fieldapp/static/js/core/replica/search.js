// @ts-check
/** Search in the phone's own clients: instant, and forgiving of spelling. Pure. */
import { folded, foldedRuns, foldedWords } from "../folding.js";

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

/** A word begins with what was typed, give or take a slip, in the first letter too. @param {string} word @param {string} typed */
const nearlyBegins = (word, typed) =>
  typed.length >= 4 && [-1, 0, 1].some((more) => oneSlip(word.slice(0, typed.length + more), typed));

/** @type {WeakMap<object, {names: string[], others: string[], years: string[]}>} */
const known = new WeakMap();

/** @param {any} client */
function wordsOf(client) {
  let words = known.get(client);
  if (!words) {
    const year = String(client.birth_year ?? "");
    const names = [client.alias, client.name].flatMap((name) => [...foldedWords(name), ...foldedRuns(name)]);
    words = {
      names: [...new Set(names)],
      others: [...foldedWords(client.address), ...foldedRuns(client.address)],
      years: year ? [year, year.slice(2)] : [],
    };
    known.set(client, words);
  }
  return words;
}

/** How badly one typed word fits a client; Infinity: not at all. @param {any} client @param {string} typed */
function misfit(client, typed) {
  const { names, others, years } = wordsOf(client);
  if (names.some((word) => word === typed)) return 0;
  if (names.some((word) => word.startsWith(typed))) return 1;
  if (years.includes(typed)) return 2;
  if (others.some((word) => word.startsWith(typed))) return 3;
  if (typed.length > 2 && names.some((word) => word.includes(typed))) return 4;
  const near = names.filter((word) => nearlyBegins(word, typed));
  if (near.some((word) => word[0] === typed[0])) return 5;
  if (near.length) return 6;
  return others.some((word) => word[0] === typed[0] && nearlyBegins(word, typed)) ? 7 : Infinity;
}

/**
 * Clients whose name, alias, birth year or address fit everything that was typed, best first; all by name when nothing was.
 * @param {Iterable<any>} clients @param {string} text
 */
export function search(clients, text) {
  const typed = foldedWords(text);
  const whole = typed.length > 1 ? folded(text) : "";
  const fits = (/** @type {any} */ client) => typed.reduce((sum, word) => sum + misfit(client, word), 0);
  return (
    [...clients]
      // "al y" is Aly, too: somebody put in a space that is not there
      .map((client) => ({ client, misfit: Math.min(fits(client), whole ? misfit(client, whole) : Infinity) }))
      .filter((hit) => hit.misfit < Infinity)
      .sort((a, b) => a.misfit - b.misfit || byName(a.client, b.client))
      .map((hit) => hit.client)
  );
}

const collator = new Intl.Collator("nb");

/** @param {any} a @param {any} b */
const byName = (a, b) => collator.compare(a.name ?? "", b.name ?? "");
