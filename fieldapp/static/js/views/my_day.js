/** What stands on I dag beside the clocks: notes from the last shift until they are read, today's planned visits with
 * their time, my tasks, and for a leader what has not been looked at again. Comes a moment after the lists. */
import "../texts/code_words_more.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { lower, t } from "../texts/t.js";
import { label } from "../texts/codes.js";
import { endPlannedLink, readTap, reviewRiskLink, taskDoneTap, taskLink } from "./actions.js";
import { icon } from "./icons.js";
import { isEnded } from "./people.js";
import { clientLink, section } from "./parts.js";
import { isOld } from "./risk.js";
import { byDue, taskWords } from "./stands.js";
import { clock, colleague, daysAway, plainDate, sentences, when } from "./words.js";

const SHORT = 3;
const all = (table) => [...(table?.values() ?? [])];
const isWith = (state, one) => {
  if (!one.client_id) return state.me.teams.some((team) => team.id === one.team_id);
  const client = state.clients.get(one.client_id);
  return Boolean(client && !isEnded(client));
};
const nameOf = (state, one) => (one.client_id ? (state.clients.get(one.client_id)?.name ?? "") : "");

/** Not mine, for a team of mine, and not read by me. */
export const unreadNotes = (state) =>
  all(state.handovers)
    .filter(
      (one) =>
        one.author_id !== state.me.id &&
        (one.client_id ? isWith(state, one) : true) &&
        (!one.team_id || state.me.teams.some((team) => team.id === one.team_id)) &&
        !(one.until_at && Date.parse(one.until_at) <= state.nowMs) &&
        !one.read_by?.some((by) => by.staff_id === state.me.id),
    )
    .sort(
      (a, b) => Number(b.important ?? false) - Number(a.important ?? false) || b.noted_at.localeCompare(a.noted_at),
    );

/** From today's first to last, and what was never said to have been. */
export const visitsToday = (state) =>
  all(state.planned)
    .filter((one) => isWith(state, one) && isMine(state, one) && daysAway(Date.parse(one.at), state.nowMs) <= 0)
    .sort((a, b) => a.at.localeCompare(b.at));

const isMine = (state, one) =>
  one.staff_ids?.length
    ? one.staff_ids.includes(state.me.id)
    : state.clients.get(one.client_id)?.primary_staff_id === state.me.id;

export const myTasks = (state) =>
  all(state.tasks)
    .filter((one) => isWith(state, one) && isTaskOfMine(state, one))
    .sort(byDue);

const isTaskOfMine = (state, one) =>
  one.owner_id
    ? one.owner_id === state.me.id
    : !one.client_id || state.clients.get(one.client_id)?.primary_staff_id === state.me.id;

const oldRisks = (state) =>
  state.me.role === "leader"
    ? all(state.risks)
        .filter((one) => isWith(state, one) && isOld(one, state.nowMs))
        .sort((a, b) => a.review_on.localeCompare(b.review_on))
    : [];

/** Above who should be seen: what the last shift had to say. */
export function notesView(state) {
  const notes = unreadNotes(state);
  if (!notes.length) return nothing;
  const [shown, rest] = [notes.slice(0, SHORT), notes.slice(SHORT)];
  return html`<section class="group"><h2>${t("Beskjeder")} <span class="count">${notes.length}</span></h2>
    ${shown.map((one) => noteCard(state, one))}
    ${folded(rest, (one) => noteCard(state, one))}</section>`;
}

const folded = (rest, draw) =>
  rest.length
    ? html`<details class="more"><summary><b>${t("Vis alle {n}", { n: rest.length + SHORT })}</b></summary>${rest.map(draw)}</details>`
    : nothing;

function noteCard(state, one) {
  const who = nameOf(state, one);
  return html`<div class="card note">
    <p>${one.important ? html`<b>${icon("bang")} ${t("Viktig")}: </b>` : nothing}${who ? html`<a href=${clientLink(one.client_id)}><b>${who}</b></a> ` : nothing}${one.what}</p>
    <p class="note-foot"><span class="sub">${colleague(state, one.author_id)}, ${when(Date.parse(one.noted_at), state.nowMs)}</span>
    <button type="button" class="ds-button" data-variant="secondary" data-tap=${readTap(one)} aria-label=${t("Lest: {what}", { what: one.what })}>${icon("check")} ${t("Lest")}</button></p></div>`;
}

/** Below who should be seen: what was planned for today, what I have to do, and what a leader has to look at again. */
export function plansView(state) {
  const tasks = myTasks(state);
  return html`${section(
    t("Planlagt i dag"),
    visitsToday(state).map((one) => visitRow(state, one)),
  )}
    ${
      tasks.length
        ? html`<section class="group"><h2>${t("Mine oppgaver")} <span class="count">${tasks.length}</span></h2>
      <ul class="list">${tasks.slice(0, SHORT).map((one) => taskRow(state, one))}</ul>${folded(tasks.slice(SHORT), (one) => html`<ul class="list">${taskRow(state, one)}</ul>`)}</section>`
        : nothing
    }
    ${section(
      t("Før du går inn: vurderes på nytt"),
      oldRisks(state).map(
        (one) => html`<li class="row"><a class="row-main" href=${reviewRiskLink(one)}><b>${nameOf(state, one)}</b>
      <span class="sub">${sentences((one.advice ?? []).map((code, i) => (i ? lower : String)(label("risk_advice", code))).join(", "), t("Skulle vært vurdert {day}", { day: plainDate(one.review_on, state.nowMs) }))}</span></a></li>`,
      ),
    )}`;
}

function visitRow(state, one) {
  const at = Date.parse(one.at);
  const today = daysAway(at, state.nowMs) === 0;
  const said = [one.what, today && at >= state.nowMs ? "" : t("skulle vært {when}", { when: when(at, state.nowMs) })];
  return html`<li class="row"><a class="row-main" href=${clientLink(one.client_id)}><b>${today ? `${clock(at)} ` : ""}${nameOf(state, one)}</b>
    <span class="sub">${said.filter(Boolean).join(" · ") || t("Planlagt besøk")}</span></a>
    <a class="ds-button" data-variant="secondary" href=${endPlannedLink(one)} aria-label=${t("Avslutt: {what}", { what: nameOf(state, one) })}>${t("Avslutt")}</a></li>`;
}

function taskRow(state, one) {
  const sub = [nameOf(state, one), taskWords(state, { ...one, owner_id: null })].filter(Boolean).join(" · ");
  return html`<li class="row"><a class="row-main" href=${one.client_id ? clientLink(one.client_id) : taskLink(one)}><b>${one.what}</b>
    <span class="sub">${sub}</span></a>
    <button type="button" class="ds-button" data-variant="secondary" data-tap=${taskDoneTap(one)} aria-label=${t("Gjort: {what}", { what: one.what })}>${icon("check")} ${t("Gjort")}</button></li>`;
}
