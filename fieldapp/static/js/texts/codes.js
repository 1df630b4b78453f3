/** Owns how a code the phone can log is shown. The codes are those of sync/codes.py, their words those of the office. */
import { CODE_WORDS } from "./code_words.js";
import { t } from "./t.js";

const words = Object.assign(Object.create(null), CODE_WORDS);

/** Take in more lists, which come with the screens that show them. @param {Record<string, Record<string, string>>} lists */
export const know = (lists) => void Object.assign(words, lists);

/** The word on screen for a code; the code itself when this phone is older than the list. */
export const label = (list, code) => (Object.hasOwn(words[list] ?? {}, code) ? t(words[list][code]) : (code ?? ""));

/** Are the words of this list on the phone yet: most come with the forms and cards (code_words_more.js). */
export const hasWords = (list) => Object.hasOwn(words, list);

/** [code, word] pairs of a list, in the order they are shown; `only` picks and orders. */
export const options = (list, only) => (only ?? Object.keys(words[list])).map((code) => [code, label(list, code)]);
