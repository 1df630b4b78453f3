/** Reads what a view draws, as text with its tags, without a browser. Owns the reading, no test. */

// lit-html asks for these when it is loaded; nothing here is ever rendered.
globalThis.document ??= /** @type {any} */ ({ createComment: () => ({}), createTreeWalker: () => ({}) });

/** The markup of a template with its values in place. @param {any} drawn @returns {string} */
export function markup(drawn) {
  if (drawn === null || drawn === undefined || typeof drawn === "symbol" || typeof drawn === "function") return "";
  if (Array.isArray(drawn)) return drawn.map(markup).join("");
  if (!drawn.strings) return String(drawn);
  return drawn.strings
    .map((/** @type {string} */ text, /** @type {number} */ i) => text + markup(drawn.values[i]))
    .join("")
    .replace(/\s+/g, " ");
}

/** What a person reads: the same without the tags. @param {any} drawn */
export const words = (drawn) =>
  markup(drawn)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
