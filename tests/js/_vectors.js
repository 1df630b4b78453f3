/** The vectors that Python and the phone are both tested against. */
import { readFileSync } from "node:fs";

/** @param {string} name of a file in sync/vectors, without its ending */
export const vectors = (name) =>
  JSON.parse(readFileSync(new URL(`../../sync/vectors/${name}.json`, import.meta.url), "utf8"));

/** Every order of a short list. */
export function* orders(list) {
  if (list.length < 2) yield list;
  for (const [i, first] of list.entries()) {
    for (const rest of orders([...list.slice(0, i), ...list.slice(i + 1)])) if (list.length > 1) yield [first, ...rest];
  }
}
