// @ts-check
/**
 * How names are compared, by the same rule as sync/folding.py and held to the same vectors: whatever a keyboard leaves
 * out or adds is folded away, for a name that is missed becomes a second registration. Pure.
 */

/** Written within a name and left out of it; some decompose to a space, so they go before that. */
const APOSTROPHES = /['`´΄᾽᾿´῾‘’‚‛′‵՚׳ꞌ＇ʰ-˿]/gu;
/** Marks, format characters such as a soft hyphen or a zero-width space, and letters without a shape. */
const UNSEEN = /[\p{M}\p{Cf}\u115f\u1160\u2800]/gu;
/** What Unicode does not take apart, as it is typed without the key. @type {Record<string, string>} */
const LETTERS = {
  ł: "l",
  ı: "i",
  ø: "o",
  đ: "d",
  ð: "d",
  ŧ: "t",
  ħ: "h",
  ŋ: "n",
  ĸ: "k",
  ə: "e",
  ǝ: "e",
  ɛ: "e",
  ɔ: "o",
  ɓ: "b",
  ɗ: "d",
  ƙ: "k",
  ɲ: "n",
  ƒ: "f",
  ς: "σ",
  æ: "ae",
  œ: "oe",
  þ: "th",
  ß: "ss",
};
const OTHER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

/** Lower-case letters and digits without marks, and a space wherever something else stood. @param {string} text */
const bare = (text) =>
  text
    .replace(UNSEEN, "")
    .replace(APOSTROPHES, "")
    .normalize("NFKD")
    .replace(APOSTROPHES, "")
    .replace(UNSEEN, "")
    .toLowerCase()
    .replace(OTHER, (letter) => LETTERS[letter])
    .replace(/[^\p{L}\p{N}]/gu, " ");

/** One letter where one is heard: ae, oe and ue as a, o and u, a doubled letter as one. Digits stay. @param {string} word */
const sounded = (word) =>
  word
    .replaceAll("ae", "a")
    .replaceAll("oe", "o")
    .replaceAll("ue", "u")
    .replace(/(\p{L})\1+/gu, "$1");

/** The words of a text, each folded: ["lukasz", "oconor"] of «Łukasz O’Connor». @param {unknown} text */
export const foldedWords = (text) =>
  bare(String(text ?? ""))
    .split(" ")
    .filter(Boolean)
    .map(sounded);

/** The whole text as one word, so that Anne-Marie, Anne Marie and Annemarie are one. @param {unknown} text */
export const folded = (text) => sounded(bare(String(text ?? "")).replaceAll(" ", ""));

/** A name as one word from each of its words on: what somebody types who leaves out the spaces. @param {unknown} text */
export function foldedRuns(text) {
  const words = bare(String(text ?? ""))
    .split(" ")
    .filter(Boolean);
  return words.map((_, i) => sounded(words.slice(i).join("")));
}
