/** One entry, whole: everything that was filled in, who, when, by which clock, what was corrected since, and Rett. */
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { correctLink } from "./actions.js";
import { factsOf } from "./entry_fields.js";
import { entryTitle } from "./entry_words.js";
import { icon } from "./icons.js";
import { clientName, mayCorrect, occurred, said } from "./people.js";
import { clientLink, entryLink, header } from "./parts.js";
import { byWhom, colleague, dutyTimes, when } from "./words.js";

const MINUTE = 60_000;

export function entryView(state, { id }) {
  const entry = state.entries.get(id);
  if (!entry)
    return html`${header(state, t("Notat"), { back: "/felt" })}<p class="card quiet">${t("Dette notatet er ikke på telefonen. Eldre notater hentes fra kortet når du har dekning.")}</p>`;
  const about = entry.client_id ? clientName(state, entry.client_id) : "";
  const fixes = correctionsOf(state, entry);
  return html`${header(state, entryTitle(entry), { sub: about, back: entry.client_id ? clientLink(entry.client_id) : "/felt" })}
    ${struck(state, entry, fixes)}
    <section class="card">${origin(state, entry)}
      ${facts(state, entry, said(entry), entry.amended_body ? entry.body : null)}
      ${mayCorrect(state, entry) ? html`<p><a class="ds-button" data-variant="secondary" href=${correctLink(entry)}>${icon("pen")} ${t("Rett")}</a></p>` : nothing}</section>
    ${fixes.length ? html`<section class="card"><h2>${t("Rettinger")}</h2><ol class="timeline">${fixes.map((fix) => correction(state, entry, fix))}</ol></section>` : nothing}
    <p class="links">${entry.client_id && state.clients.has(entry.client_id) ? html`<a href=${clientLink(entry.client_id)}>${about}</a>` : nothing}
      ${state.cases.has(entry.case_id) ? html` <a href="/felt/sak/${entry.case_id}">${t("Til saken")}</a>` : nothing}</p>`;
}

/** What corrections say of it, the newest first. */
export const correctionsOf = (state, entry) =>
  [...state.entries.values()]
    .filter(
      (one) =>
        one.type === "entry_corrected" && one.body?.entry_id === entry.id && one.local !== "held" && !one.struck_by,
    )
    .sort((a, b) => occurred(b) - occurred(a));

/** Written by whoever held the locked phone: says the phone itself until the server has it. @param {any} entry */
const isOfLocked = ({ flags, locked }) => (flags ? flags.includes("locked") : Boolean(locked));

/** Its author has not said that it was they: any correction of theirs from an open phone says so. */
export const isUnconfirmed = (state, entry) =>
  isOfLocked(entry) &&
  !correctionsOf(state, entry).some((fix) => fix.author_id === entry.author_id && !isOfLocked(fix));

function struck(state, entry, fixes) {
  if (!entry.struck_by && !state.retracted.has(entry.id)) return nothing;
  const fix = fixes.find((one) => one.body.what !== "text");
  return html`<p class="notice" data-color="warning"><b>${fix ? t("Trukket tilbake {when} av {who}.", { when: when(occurred(fix), state.nowMs), who: byWhom(state, fix.author_id) }) : t("Trukket tilbake. Det teller ikke.")}</b>
    ${fix ? ` ${label("correction", fix.body.what)}${fix.body.reason && fix.body.reason !== "angret" ? `: ${fix.body.reason}` : ""}` : nothing}</p>`;
}

/** Who, when, by which clock, and where it is by now. */
function origin(state, entry) {
  const at = occurred(entry);
  const received = Date.parse(entry.received_at ?? "");
  return html`<p><b>${when(at, state.nowMs)}</b> · ${t("Ført av {who}.", { who: entry.author_id === state.me.id ? t("deg") : (state.staff.get(entry.author_id)?.name ?? t("en kollega")) })}</p>
    <p class="sub">${[
      entry.time_chosen && t("Tidspunktet er valgt av den som førte det."),
      entry.flags?.includes("clock_uncertain") && t("Klokkeslettet er usikkert."),
      entry.flags?.includes("no_effect") && t("Stanset ingen klokke."),
      isUnconfirmed(state, entry) && t("Skrevet på låst telefon."),
      entry.local === "held"
        ? t("Ikke godtatt")
        : entry.local
          ? t("Lagret på telefonen, ikke sendt ennå.")
          : received - at > MINUTE && t("Mottatt {when}.", { when: when(received, state.nowMs) }),
    ]
      .filter(Boolean)
      .join(" ")}</p>`;
}

/** Every field with its words; beside what a correction changed stands what was there before. */
export function facts(state, entry, body, before = null) {
  const now = factsOf(state, entry.type, body);
  const old = before ? factsOf(state, entry.type, before) : [];
  const gone = old.filter((one) => one.name !== "letters" && !now.some((other) => other.name === one.name));
  const row = (one) => html`<div><dt>${one.label}</dt><dd>${value(state, one)}${was(old, now, one)}</dd></div>`;
  const apart = now.filter((one) => one.apart);
  if (!now.length && !gone.length) return nothing;
  return html`<dl class="facts">${now.filter((one) => !one.apart).map(row)}
      ${gone.map((one) => html`<div><dt>${one.label}</dt><dd><s>${one.words}</s></dd></div>`)}</dl>
    ${apart.length ? html`<details><summary>${t("Holdt for seg")}</summary><dl class="facts">${apart.map(row)}</dl></details>` : nothing}`;
}

function was(old, now, one) {
  if (!old.length || one.words === null) return nothing;
  const before = old
    .filter((other) => other.name === one.name)
    .map((other) => other.words)
    .join(", ");
  const after = now
    .filter((other) => other.name === one.name)
    .map((other) => other.words)
    .join(", ");
  return before === after
    ? nothing
    : html` <span class="sub">${before ? t("Før: {what}", { what: before }) : t("Sto ikke før")}</span>`;
}

const DRAW = {
  entry: (state, id) =>
    state.entries.has(id)
      ? html`<a href=${entryLink(id)}>${entryTitle(state.entries.get(id))}</a>`
      : t("et notat som ikke er på telefonen"),
  alert: (state, id) =>
    state.alerts.has(id)
      ? html`<a href="/felt/varsel/${id}">${label("alert_kind", state.alerts.get(id).kind)}</a>`
      : t("et varsel som er over"),
  duty: (state, id) => {
    const duty = (state.duty ?? []).find((one) => one.id === id);
    return duty ? dutyTimes(duty, state.nowMs) : t("en vakt som ikke er på telefonen");
  },
  body: (state, body) => factsOf(state, "", body).map((one) => html`${one.label}: ${one.words} `),
};

const value = (state, one) => one.words ?? DRAW[one.kind](state, one.value);

function correction(state, entry, fix) {
  const { what, reason, body, occurred_at: at } = fix.body;
  return html`<li><time>${when(occurred(fix), state.nowMs)}</time><div><b>${label("correction", what)}</b> <span class="sub">${colleague(state, fix.author_id)}${fix.local ? ` · ${t("lagret på telefonen")}` : ""}</span>
    ${reason && reason !== "angret" ? html`<p>${reason}</p>` : nothing}
    ${body ? facts(state, entry, body) : nothing}
    ${at ? html`<p>${t("Ny tid: {when}", { when: when(Date.parse(at), state.nowMs) })}</p>` : nothing}</div></li>`;
}
