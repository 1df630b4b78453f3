/** Owns how a code the phone can log is shown. The codes are those of sync/codes.py, their words those of the office. */
import { CODE_WORDS } from "./code_words.js";
import { t } from "./t.js";

/** The word on screen for a code; the code itself when this phone is older than the list. */
export const label = (list, code) =>
  Object.hasOwn(CODE_WORDS[list] ?? {}, code) ? t(CODE_WORDS[list][code]) : (code ?? "");

/** [code, word] pairs of a list, in the order they are shown; `only` picks and orders. */
export const options = (list, only) => (only ?? Object.keys(CODE_WORDS[list])).map((code) => [code, label(list, code)]);
