// @ts-check
/**
 * What of an accepted entry does not hold: where the newest one counts, an older one is taken and has no effect, as when
 * the phone's clock stood in the past. Its author must learn of it, or believes that the change was made.
 */
import { ENTRY_TYPES } from "./entry_types.js";

const WATCH = ["mode", "interval_minutes", "may_enter", "key_ref", "tighten_days", "when_closed", "review_on"];

/** @param {any} a @param {any} b null and absent are the same */
const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** Names of fields that stand otherwise; one that is not shown to this person can't be judged. @param {Record<string, any>} said @param {any} stands */
const differing = (said, stands) =>
  Object.keys(said).filter((name) => stands && name in stands && !same(said[name], stands[name]));

/** @param {any} body @param {string[]} names */
const only = (body, names) =>
  Object.fromEntries(names.filter((name) => name in body).map((name) => [name, body[name]]));

/** By what of the card an entry sets. @type {Record<string, (body: any, client: any) => string[]>} */
const RULES = {
  fields: (body, client) => differing(body.fields ?? {}, client),
  watch: (body, client) => (differing(only(body, WATCH), client?.watch).length ? ["watch"] : []),
  days: (body, client) => differing({ contact_interval_days: body.days }, client),
};

/** The fields of an accepted entry that stand otherwise in the replica. @param {any} entry @param {Map<string, Map<string, any>>} tables */
export const lostFields = (entry, tables) =>
  RULES[ENTRY_TYPES[entry.type]?.card ?? ""]?.(entry.body ?? {}, tables.get("client")?.get(entry.client_id)) ?? [];
