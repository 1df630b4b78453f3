/** Owns what the team's board says of each who is up: where, since when, what has been since, what asks for a look. Pure. */
import { label } from "../texts/codes.js";
import { t, tn } from "../texts/t.js";
import { contactDue } from "./day.js";
import { absenceOf, casesOf, history, isEnded, occurred, said, thingsOf } from "./people.js";

export const OTHER = "other";
const USUAL = ["crisis", "tight", "new", "hard_to_reach", "away", OTHER];
const REVIEW_DAYS = 14;
const OUT_OF = new Set(["admitted", "treatment", "detox", "prison"]);

/** The teams whose board this phone shows: those that follow up clients together. */
export const boardTeams = (state) => (["fieldworker", "leader"].includes(state.me?.role) ? state.me.teams : []);

/** A team's columns, from left to right: [{key, name}]. «Annet» is always there for what has none. */
export function columnsOf(state, teamId) {
  const own = state.board?.get(teamId)?.columns;
  const columns = own ?? USUAL.map((key) => ({ key, name: label("board_column", key) }));
  return columns.some((one) => one.key === OTHER)
    ? columns
    : [...columns, { key: OTHER, name: label("board_column", OTHER) }];
}

/** What a column is called, on whatever board has it. */
export function columnName(state, key) {
  const found = boardTeams(state)
    .flatMap((team) => columnsOf(state, team.id))
    .find((one) => one.key === key);
  return found?.name ?? label("board_column", OTHER);
}

const isCard = (one) => Boolean(one.client_id);

/** The client's card on a board of mine, or of that team. */
export const cardOf = (state, clientId, teamId) =>
  [...(state.board?.values() ?? [])].find(
    (one) => isCard(one) && one.client_id === clientId && (!teamId || one.team_id === teamId),
  );

/** The days to the next look, as the team has them. */
export const reviewDays = (state, teamId) => Number(state.teams.get(teamId)?.review_days) || REVIEW_DAYS;

/** Who is up on a team's board: [{key, name, cards}], only the columns that hold somebody; the longest up first. */
export function boardOf(state, teamId) {
  const columns = columnsOf(state, teamId);
  const keys = new Set(columns.map((one) => one.key));
  const cards = [...(state.board?.values() ?? [])]
    .filter((one) => isCard(one) && one.team_id === teamId && isUp(state.clients.get(one.client_id), teamId))
    .sort((a, b) => a.since_at.localeCompare(b.since_at) || a.id.localeCompare(b.id));
  return columns
    .map((column) => ({
      ...column,
      cards: cards.filter((card) => (keys.has(card.column) ? card.column : OTHER) === column.key),
    }))
    .filter((column) => column.cards.length);
}

const isUp = (client, teamId) => Boolean(client) && !isEnded(client) && (client.team_ids ?? []).includes(teamId);

/** What has come since the team last placed them, and asks that they are looked at again: its words, or "". */
export function reasonToReview(state, card) {
  const since = Date.parse(card.noted_at);
  const fresh = history(state, card.client_id).filter((entry) => occurred(entry) > since);
  if (fresh.some((entry) => entry.type === "concern_raised" && said(entry).urgency === "board"))
    return t("bekymring til tavla");
  if (fresh.some((entry) => entry.type === "sighting_reported" && said(entry).what === "missed")) return t("ikke møtt");
  const home = [...state.absences.values()].some(
    (one) => one.client_id === card.client_id && OUT_OF.has(one.kind) && Date.parse(one.ended_at ?? "") > since,
  );
  return home ? t("utskrevet eller løslatt") : "";
}

/** What there is to know at a glance: words, the gravest first. */
export function marksOf(state, card) {
  const plan = thingsOf(state, "plans", card.client_id).some((one) => one.kind === "crisis");
  const open = casesOf(state, card.client_id).length;
  return [
    absenceOf(state, card.client_id) && t("borte nå"),
    card.reasons?.some((code) => code === "medication" || code === "lar") && t("depot eller medisin"),
    plan ? t("kriseplan: ja") : t("kriseplan: nei"),
    open && tn(open, "1 åpen sak", "{n} åpne saker"),
  ].filter(Boolean);
}

/** Everybody else who is followed up, by when they should next be met; without a plan last. */
export function others(state) {
  const rows = [...state.clients.values()]
    .filter((client) => !isEnded(client) && !cardOf(state, client.id))
    .map((client) => ({ client, at: contactDue(state, client) }));
  const order = (at) => at ?? Number.POSITIVE_INFINITY;
  return rows.sort(
    (a, b) =>
      (order(a.at) < order(b.at) ? -1 : order(a.at) > order(b.at) ? 1 : 0) ||
      a.client.name.localeCompare(b.client.name, "nb"),
  );
}
