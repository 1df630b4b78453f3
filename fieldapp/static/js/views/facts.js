/**
 * Owns what a landlord is told of a client, one fact at a time: the sentence and its preview. What is told is the server's
 * by sync/shared_facts.py; the preview is the same rule over what this phone knows. Pure, no templates.
 */
import { t } from "../texts/t.js";
import { history, said, thingsOf } from "./people.js";
import { kroner, plainDate } from "./words.js";

const OVER = new Set(["resolved", "evicted", "closed"]);
const HANDLED = new Set([...OVER, "answered", "handled"]);
const DAMAGE = new Set(["damage", "water_leak", "vandalism"]);
const NOTHING = { amount_nok: null, on: null, by_on: null, handled: null };

const openRent = (cases, name) =>
  cases.filter((one) => one.kind === "rent" && !OVER.has(one.status) && one.facts?.[name]);
const isAbout = (one, what) =>
  what === "complaint_handled"
    ? one.kind === "complaint"
    : one.kind === "housing" && (one.facts?.what ?? []).some((code) => DAMAGE.has(code));

/** What the landlord is told under this heading, as things stand. @param {string} what @param {any[]} cases @param {string | null} [contractEnds] */
export function told(what, cases, contractEnds = null) {
  const newestFirst = [...cases].sort((a, b) => b.opened_at.localeCompare(a.opened_at));
  if (what === "rent_owed")
    return { ...NOTHING, amount_nok: openRent(newestFirst, "amount_nok")[0]?.facts.amount_nok ?? null };
  if (what === "plan_dates") {
    const facts = openRent(newestFirst, "plan")[0]?.facts;
    return { ...NOTHING, on: facts?.next_step_on ?? null, by_on: facts?.deadline_on ?? null };
  }
  if (what === "contract") return { ...NOTHING, on: contractEnds };
  const ofKind = newestFirst.filter((one) => isAbout(one, what));
  return { ...NOTHING, handled: ofKind.length ? ofKind.every((one) => HANDLED.has(one.status)) : null };
}

const NONE = {
  rent_owed: () => t("Ingen skyldig husleie er ført."),
  plan_dates: () => t("Ingen datoer er ført."),
  damage: () => t("Ingen skade er ført."),
  contract: () => t("Ingen sluttdato er ført."),
  complaint_handled: () => t("Ingen naboklage er ført."),
};

function handledWords(what, handled) {
  if (what === "damage") return handled ? t("Skaden er håndtert.") : t("Skaden er meldt, og ikke håndtert ennå.");
  return handled ? t("Naboklagen er håndtert.") : t("Naboklagen er ikke håndtert ennå.");
}

/** "Skylder 14 250,00 kr i husleie." */
export function factWords(what, { amount_nok: amount, on, by_on: by, handled }, now) {
  if (handled !== null) return handledWords(what, handled);
  if (amount !== null) return t("Skylder {amount} i husleie.", { amount: kroner(amount) });
  if (what === "contract" && on) return t("Leiekontrakten går ut {day}.", { day: plainDate(on, now) });
  const said = [
    on && t("Neste dato: {day}.", { day: plainDate(on, now) }),
    by && t("Frist: {day}.", { day: plainDate(by, now) }),
  ].filter(Boolean);
  return said.length ? said.join(" ") : (NONE[what]?.() ?? "");
}

/** The last end of a lease that anybody has written down, by the entries here, else by what stands. */
function contractEnds(state, client) {
  const entry = history(state, client.id).find((one) => one.type === "housing_changed" && said(one).contract_end_on);
  return entry ? said(entry).contract_end_on : (thingsOf(state, "housing", client.id)[0]?.contract_end_on ?? null);
}

/** What the form shows before anything is shared: the sentence itself. */
export function preview(state, client, what) {
  const cases = [...state.cases.values()].filter((one) => one.client_id === client.id);
  return factWords(what, told(what, cases, contractEnds(state, client)), state.nowMs);
}

/** Whom a fact of this client can be shared with: the landlords of its teams that this phone knows. */
export const landlordsOf = (state, client) =>
  [...state.staff.values()]
    .filter((one) => one.role === "landlord" && one.team_ids.some((id) => client.team_ids?.includes(id)))
    .sort((a, b) => a.name.localeCompare(b.name, "nb"));
