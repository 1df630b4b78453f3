// @ts-check
/** What codes are called on screen: the list shared with the server (sync/labels.nb.json), served beside these modules. */

/** @type {Record<string, Record<string, string>>} */
let lists = {};

/** Load once, before the first screen. @param {string | URL} [from] */
export async function loadLabels(from = new URL('../../labels.nb.json', import.meta.url)) {
  const response = await fetch(from);
  if (response.ok) lists = await response.json();
  return lists;
}

/** For tests and for those who have the list already. @param {typeof lists} known */
export const useLabels = (known) => { lists = known; };

/** The words of a code; an unknown code is shown as it is rather than hidden. @param {string} list @param {string} code */
export const label = (list, code) => lists[list]?.[code] ?? code;

/** [code, words] in the list's own order, for chips and menus. @param {string} list */
export const labelsOf = (list) => Object.entries(lists[list] ?? {});
