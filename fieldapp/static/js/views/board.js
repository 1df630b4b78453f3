/** Tavle: who the team has up and why, and everybody else by when they should next be met. */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { lower, t, tn } from "../texts/t.js";
import { logLink } from "./actions.js";
import { boardOf, boardTeams, marksOf, others, reasonToReview } from "./board_cards.js";
import { boardConcerns } from "./checks.js";
import { entryTitle } from "./entry_words.js";
import { lastContact, occurred } from "./people.js";
import { clientLink, clientRow, header, meetsNobody, section } from "./parts.js";
import { forBoard } from "./shift.js";
import { plainDate, when } from "./words.js";

export function boardView(state) {
  const teams = boardTeams(state);
  const top = header(state, t("Tavle"), { sub: (state.me.teams ?? []).map((team) => team.name).join(", ") });
  // Who is not shown the board is told so: an empty one would say that nobody is up.
  if (meetsNobody(state) || !teams.length)
    return html`${top}<p class="card quiet">${t("Tavla vises bare for ansatte som følger opp brukerne.")}</p>`;
  return html`${top}
    ${forBoard(state, boardConcerns(state))}
    ${teams.map((team) => board(state, team, teams.length > 1))}
    ${section(
      t("Ikke på tavla, etter neste kontakt"),
      others(state).map((row) => clientRow(state, row.client, { reason: dueWords(state, row.at) })),
    )}`;
}

function board(state, team, isNamed) {
  const columns = boardOf(state, team.id);
  const title = isNamed ? html`<h2 class="board-team">${team.name}</h2>` : nothing;
  if (!columns.length)
    return html`${title}<p class="card quiet">${state.sync.filling ? t("Tavla er ikke hentet ennå.") : t("Ingen er på tavla. Du setter noen opp fra kortet til brukeren.")}</p>`;
  return html`${title}${columns.map(
    (column) =>
      html`<section class="board-column"><h2>${column.name} <span class="sub">${column.cards.length}</span></h2>
      ${column.cards.map((card) => cardTemplate(state, card))}</section>`,
  )}`;
}

function cardTemplate(state, card) {
  const client = state.clients.get(card.client_id);
  const about = { client: client.id };
  const review = reasonToReview(state, card);
  const last = lastContact(state, client.id);
  return html`<article class="card board-card">
    <h3><a href=${clientLink(client.id)}>${client.name}</a></h3>
    <p class="sub">${t("på tavla siden {day}", { day: plainDate(card.since_at.slice(0, 10), state.nowMs) })}${card.pending ? html` · ${t("lagret på telefonen")}` : nothing}</p>
    ${review ? html`<p><span class="tag" data-color="warning">${t("bør vurderes")}</span> ${review}</p>` : nothing}
    ${card.reasons?.length ? html`<p>${card.reasons.map((code, i) => (i ? lower(label("board_reason", code)) : label("board_reason", code))).join(", ")}</p>` : nothing}
    ${card.goal ? html`<p><b>${t("Mål")}:</b> ${card.goal}</p>` : nothing}
    ${card.down_when ? html`<p><b>${t("Tas ned når")}:</b> ${card.down_when}</p>` : nothing}
    <p class="sub">${marksOf(state, card).join(" · ")}</p>
    <p class="sub">${last ? `${entryTitle(last)} ${when(occurred(last), state.nowMs)} · ` : ""}${reviewWords(state, card)}</p>
    <div class="chips"><a class="ds-button" data-variant="secondary" href=${logLink("board_placed", about)} aria-label=${t("Flytt eller endre: {name}", { name: client.name })}>${t("Flytt eller endre")}</a>
      <a class="ds-button" data-variant="secondary" href=${logLink("board_removed", about)} aria-label=${t("Ta ned: {name}", { name: client.name })}>${t("Ta ned")}</a></div>
  </article>`;
}

function reviewWords(state, card) {
  const day = plainDate(card.review_on, state.nowMs);
  return Date.parse(`${card.review_on}T22:00:00Z`) < state.nowMs
    ? html`<strong class="due">${t("skulle vært vurdert {day}", { day })}</strong>`
    : t("vurderes {day}", { day });
}

function dueWords(state, at) {
  if (at === null) return t("ingen planlagt kontakt");
  const late = Math.floor((state.nowMs - at) / 86_400_000);
  return late > 0
    ? tn(late, "1 dag over planlagt kontakt", "{n} dager over planlagt kontakt")
    : t("kontakt {day}", { day: plainDate(new Date(at).toISOString().slice(0, 10), state.nowMs) });
}
