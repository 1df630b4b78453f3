/** One entry, whole: everything that was filled in, who, when, by which clock, what was corrected since, and Rett. */
import { html, nothing } from "../../vendor/lit-html.js";
import { ENTRY_TYPES } from "../core/entry_types.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { t } from "../texts/t.js";
import { correctLink, subjectOfEntryLink } from "./actions.js";
import { factsOf } from "./entry_fields.js";
import { entryTitle } from "./entry_words.js";
import { icon } from "./icons.js";
import { clientName, isStanding, mayCorrect, occurred, said } from "./people.js";
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
      ${entry.partly ? html`<p class="sub">${t("Resten leses av den som førte det, og av lederen.")}</p>` : nothing}
      ${mayCorrect(state, entry) ? html`<p><a class="ds-button" data-variant="secondary" href=${correctLink(entry)}>${icon("pen")} ${t("Rett")}</a></p>` : nothing}</section>
    ${photos(state, entry)}
    ${mayBeNamed(state, entry) ? html`<p><a class="ds-button wide" data-variant="secondary" href=${subjectOfEntryLink(entry)}>${icon("person")} ${t("Hvem gjaldt det?")}</a></p>` : nothing}
    ${fixes.length ? html`<section class="card"><h2>${t("Rettinger")}</h2><ol class="timeline">${fixes.map((fix) => correction(state, entry, fix))}</ol></section>` : nothing}
    <p class="links">${entry.client_id && state.clients.has(entry.client_id) ? html`<a href=${clientLink(entry.client_id)}>${about}</a>` : nothing}
      ${state.cases.has(entry.case_id) ? html` <a href="/felt/sak/${entry.case_id}">${t("Til saken")}</a>` : nothing}</p>`;
}

const PHOTO_KINDS = ["letter", "damage", "other"];

/** The photos that are attached to it, which are fetched when they are looked at, and the way to attach one. */
function photos(state, entry) {
  if (entry.body?.private || entry.partly || entry.local === "held") return nothing;
  const attached = [...state.entries.values()]
    .filter(
      (one) => ENTRY_TYPES[one.type]?.points_at === "entry" && one.body.entry_id === entry.id && one.local !== "held",
    )
    .filter((one) => isStanding(state, one))
    .sort((a, b) => occurred(a) - occurred(b));
  const may = state.me.role !== "landlord" || entry.author_id === state.me.id;
  if (!attached.length && !may) return nothing;
  return html`<section class="card"><h2>${t("Bilder")}</h2>
    ${attached.map((one) => photo(state, one))}
    ${
      may
        ? html`<div class="chips">${PHOTO_KINDS.map((kind) => html`<label class="chip photo-pick"><input type="file" accept="image/*" data-photo=${entry.id} data-kind=${kind}>${label("file_kind", kind)}</label>`)}</div>
    <p class="means">${t("Bildet gjøres lite, og sted og tid tas ut, før det lagres.")}</p>`
        : nothing
    }</section>`;
}

function photo(state, one) {
  const { file_id: id, kind, caption } = said(one);
  const words = [label("file_kind", kind), caption].filter(Boolean).join(": ");
  const where = `${when(occurred(one), state.nowMs)} · ${colleague(state, one.author_id)}`;
  return html`<figure class="photo">${
    one.local || !state.sync.online
      ? html`<p class="quiet">${one.local ? t("Bildet er på telefonen, og sendes når du har dekning.") : t("Bildet vises når du har dekning.")}</p>`
      : html`<img src="/api/files/${id}" alt=${words} loading="lazy">`
  }<figcaption>${words} <span class="sub">${where}</span></figcaption></figure>`;
}

/** About somebody nobody knew, and not of a case: somebody may know by now. */
export const mayBeNamed = (state, entry) => {
  const row = ENTRY_TYPES[entry.type];
  const aboutSomebody = row?.about === "client_or_team" && !row.case && (row.contact || row.outcome?.[0] === "urgency");
  return aboutSomebody && !entry.client_id && !entry.local && isStanding(state, entry);
};

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
  entries: (state, ids) => ids.map((id) => html`${DRAW.entry(state, id)} `),
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
