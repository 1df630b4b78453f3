// @ts-check
/**
 * What a name is, of a client, a contact, a place: text of which something can be seen. The same as `sync/names.py`, held
 * by the same vectors: one form (NFC), spaces plain, and nothing in it that nobody sees or that turns the text around.
 */

const SPACES = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
/** What turns the direction of text, and what shows nothing that two machines agree on. Written out: Unicode tables differ. */
const DROPPED = new RegExp(
  "[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069" +
    "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u2060-\\u2065\\u206a-\\u206f" +
    "\\u2800\\u3164\\u{d800}-\\u{f8ff}\\ufdd0-\\ufdef\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff" +
    "\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{10ffff}]",
  "gu",
);
/** Between two letters they belong to the name, in Persian, Hindi and others. */
const LOOSE_JOINER = /(?<![^ \u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^ \u200c\u200d])/gu;
const SEEN = /[^ \u200c\u200d\p{M}]/u;
const NEVER_TYPED = /[\x00-\x08\n-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** The name in a text in its one form; empty when nothing of it can be seen. @param {string} text */
export function cleanName(text) {
  const plain = text.replace(DROPPED, "").replace(SPACES, " ");
  const name = plain.replace(LOOSE_JOINER, "").replace(/^ | $/g, "").normalize("NFC");
  return SEEN.test(name) ? name : "";
}

/** Would the server take it as a name? Something can be seen, and nothing in it hides or turns. @param {string} text */
export const isName = (text) => cleanName(text) !== "" && !NEVER_TYPED.test(text);
