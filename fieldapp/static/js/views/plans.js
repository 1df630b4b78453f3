/** A person's plans on one screen: the crisis plan in green, yellow and red, the goals, the day, the individual plan. */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import { planLink } from "./actions.js";
import { icon } from "./icons.js";
import { standsMenu } from "./menu.js";
import { isEnded } from "./people.js";
import { clientLink, diedWords, header } from "./parts.js";
import { planOf, twoVersions } from "./stands.js";
import { colleague, phoneDigits, plainDate, when } from "./words.js";

export function plansView(state, { id }) {
  const client = state.clients.get(id);
  if (!client || state.me.role === "landlord")
    return html`${header(state, t("Plan"), { back: "/felt/brukere" })}<p class="card quiet">${t("Denne brukeren er ikke på telefonen din.")}</p>`;
  if (client.deceased)
    return html`${header(state, t("Plan"), { sub: client.name, back: clientLink(id) })}<p class="card quiet">${diedWords(state, client)}</p>`;
  return html`${header(state, t("Plan"), { sub: client.name, back: clientLink(id) })}
    ${crisisPlan(state, client)}
    ${goals(state, client)}
    ${rhythm(state, client)}
    ${individual(state, client)}`;
}

const may = (state, client) => !isEnded(client) && standsMenu(state.me.role).includes("plan_noted");

/** The heading of a plan, who made it when, and the way to change it; without one, the way to make it. */
function plan(state, client, kind, draw) {
  const one = planOf(state, client.id, kind);
  const link = planLink(kind, client, one);
  if (!one)
    return html`<section class="card"><h2>${label("plan_kind", kind)}</h2><p class="sub">${t("Ikke skrevet ennå.")}</p>
      ${may(state, client) ? html`<p><a class="ds-button" data-variant="secondary" href=${link}>${icon("pen")} ${t("Skriv: {what}", { what: lower(label("plan_kind", kind)) })}</a></p>` : nothing}</section>`;
  return html`<section class="card plan"><h2>${label("plan_kind", kind)}</h2>
    ${twoVersions(one, link)}
    ${draw(one)}
    ${(one.beside ?? []).map((other) => html`<details class="more"><summary><b>${t("Den andre versjonen")}</b> <span class="hint">${madeBy(state, other)}</span></summary>${draw(other)}</details>`)}
    <p class="sub">${[madeBy(state, one), one.made_with && t("sammen med {who}", { who: one.made_with }), one.shared_with?.length && t("delt med {who}", { who: one.shared_with.map((code) => label("plan_shared_with", code)).join(", ") }), one.pending && t("lagret på telefonen")].filter(Boolean).join(" · ")}</p>
    ${may(state, client) ? html`<p><a class="ds-button" data-variant="secondary" href=${link} aria-label=${t("Rett: {what}", { what: label("plan_kind", kind) })}>${icon("pen")} ${t("Rett")}</a></p>` : nothing}</section>`;
}

const madeBy = (state, one) => `${colleague(state, one.author_id)}, ${when(Date.parse(one.noted_at), state.nowMs)}`;

const STEPS = [
  ["green", N("Grønn"), [["green", N("Slik har jeg det når det går bra")]]],
  [
    "yellow",
    N("Gul"),
    [
      ["yellow_signs", N("Tegn på at det går feil vei")],
      ["yellow_me", N("Hva jeg gjør selv")],
      ["yellow_you", N("Hva dere gjør")],
    ],
  ],
  [
    "red",
    N("Rød"),
    [
      ["red_avoid", N("Hva dere ikke skal gjøre")],
      ["red_need", N("Hva jeg trenger")],
      ["tell_not", N("Hvem skal ikke vite det")],
      ["tell", N("Hvem skal vite det")],
    ],
  ],
];

const COLOURS = { green: "success", yellow: "warning", red: "danger" };

/** Red first while a crisis runs would hide the way back: the three stand in order, each with its name. */
function crisisPlan(state, client) {
  return plan(
    state,
    client,
    "crisis",
    (one) =>
      html`${STEPS.filter(([, , parts]) => parts.some(([name]) => one[name])).map(
        ([colour, words, parts]) =>
          html`<div class="step-of-plan" data-color=${COLOURS[colour]}><h3>${t(words)}</h3><dl>${parts
            .filter(([name]) => one[name])
            .map(([name, asked]) => html`<dt>${t(asked)}</dt><dd>${one[name]}</dd>`)}</dl></div>`,
      )}${bed(one.bed)}${whenAdmitted(one.when_admitted)}`,
  );
}

function bed(one) {
  if (!one) return nothing;
  const nights = one.nights ? tn(one.nights, "inntil 1 natt", "inntil {n} netter") : "";
  return html`<p><b>${t("Brukerstyrt plass")}:</b> ${[one.place, nights].filter(Boolean).join(", ")}
    ${one.phone ? html`<a class="inline" href="tel:${phoneDigits(one.phone)}">${one.phone}</a>` : nothing}</p>`;
}

const ADMITTED = {
  children: N("Barna"),
  animals: N("Dyrene"),
  keys: N("Nøklene"),
  mail: N("Posten"),
  medicine: N("Medisinen"),
};

function whenAdmitted(one = {}) {
  const said = Object.entries(ADMITTED).filter(([name]) => one?.[name]);
  return said.length
    ? html`<h3>${t("Når jeg er innlagt")}</h3><dl>${said.map(([name, words]) => html`<dt>${t(words)}</dt><dd>${one[name]}</dd>`)}</dl>`
    : nothing;
}

const goals = (state, client) =>
  plan(
    state,
    client,
    "goals",
    (one) =>
      html`<ul class="plain">${(one.goals ?? []).map(
        (goal) =>
          html`<li>«${goal.text}» ${goal.since_on ? html`<span class="sub">${t("siden {day}", { day: plainDate(goal.since_on, state.nowMs) })}</span>` : nothing}</li>`,
      )}</ul>`,
  );

const wall = (text) => text?.replace(":", ".");

const rhythm = (state, client) =>
  plan(
    state,
    client,
    "rhythm",
    (
      one,
    ) => html`${one.awake_from || one.awake_to ? html`<p><b>${t("Våken")}:</b> ${wall(one.awake_from) ?? ""}–${wall(one.awake_to) ?? ""}</p>` : nothing}
    ${one.reach ? html`<p><b>${t("Slik får dere tak i meg")}:</b> ${one.reach}</p>` : nothing}
    ${one.likes?.length ? html`<p><b>${t("Jeg liker")}:</b> ${one.likes.join(", ")}</p>` : nothing}`,
  );

const individual = (state, client) =>
  plan(
    state,
    client,
    "individual",
    (one) =>
      html`<ul class="plain">${(one.items ?? []).map(
        (item) =>
          html`<li>${item.what} <span class="sub">${[item.who, item.by_on && t("innen {day}", { day: plainDate(item.by_on, state.nowMs) })].filter(Boolean).join(" · ")}</span></li>`,
      )}</ul>`,
  );
