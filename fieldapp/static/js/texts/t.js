/** Owns the language of the phone: bokmål is the source and stands in the code, the other languages are tables. */
import { keyOf } from "./keys.js";

export const LANGUAGES = { nb: "Bokmål", nn: "Nynorsk", en: "English" };

// Written out one by one, so that the precache list finds them.
const TABLES = { nn: () => import("./nn.js"), en: () => import("./en.js") };

let spoken = "nb";
let table = Object.create(null);

/** Switch language; an unknown one falls back to bokmål. Resolves when the words are there. */
export async function speak(language) {
  const known = Object.hasOwn(LANGUAGES, language) ? language : "nb";
  table = Object.assign(Object.create(null), known === "nb" ? {} : (await TABLES[known]()).default);
  spoken = known;
}

export const language = () => spoken;

/** The text in the spoken language, with {name} replaced from values; "29. des." before a full stop is one full stop. */
export function t(nb, values) {
  const text = table[keyOf(nb)] ?? nb;
  if (!values) return text;
  return text.replace(/\{(\w+)\}(\.?)/g, (hole, name, stop) => {
    const value = String(values[name] ?? `{${name}}`);
    return stop && value.endsWith(stop) ? value : value + stop;
  });
}

/** A count with what is counted: one text for one, the other for any other number. */
export const tn = (n, one, many, values) => t(n === 1 ? one : many, { n, ...values });

/** Marks a text in a table that t() is given later, so that the test of the translations finds it. */
export const N = (nb) => nb;

/** Lower-case first letter, for a label that goes on inside a sentence. Abbreviations are left alone. */
export const lower = (text) => (/^\p{Lu}(\p{Lu}|\d)/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1));
