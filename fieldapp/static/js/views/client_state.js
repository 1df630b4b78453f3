/** Owns how a client stands on the card: the headline, the clock and its agreement in words, an absence and the way home from it. */
import { html, nothing } from "../../vendor/lit-html.js";
import "../texts/code_words_more.js";
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import { backLink, logLink, planVisitLink } from "./actions.js";
import { contactDue } from "./day.js";
import { handOverOf } from "./hours.js";
import { absenceWords, contactWordsOf, settAction, settButton, settMeans } from "./parts.js";
import { absenceOf, awayNow, isEnded, isWatched, lastContact, missingForHomeOf } from "./people.js";
import { handedWords } from "./shift.js";
import { contactWords, date, dueBy, plainDate, sentences, watchAgo, when } from "./words.js";

export function stateCard(state, client) {
  const absence = absenceOf(state, client.id);
  const last = lastContact(state, client.id);
  const now = state.nowMs;
  const isAway = Boolean(absence) && !isEnded(client);
  const headline = headlineOf(state, client, absence);
  const more = [
    last && contactWords(state, last),
    watchWords(client, now),
    handOverWords(state, client),
    plannedWords(state, client),
  ];
  return html`<section class="card state">
    <div><h2>${headline.charAt(0).toUpperCase() + headline.slice(1)}</h2><p class="sub">${more.filter(Boolean).join(" ")}</p></div>
    ${isAway ? backOrSeen(state, client, absence) : settButton(state, client)}
  </section>${missing(state, client)}${isAway ? homecoming(state, client, absence) : nothing}${absence || isEnded(client) ? nothing : settMeans()}`;
}

function headlineOf(state, client, absence) {
  if (isEnded(client)) return t("Oppfølgingen er avsluttet");
  const due = dueWords(client, state.nowMs);
  const told = (...words) => words.filter(Boolean).join(" · ");
  if (absence) return told(absenceWords(absence, state.nowMs), awayNow(state, client.id) ? "" : due);
  const contact = isWatched(client) ? watchAgo(state, client) : contactWordsOf(state, client);
  return told(contact, due) || t("Bare navn og frist er på telefonen nå.");
}

const backOrSeen = (state, client, absence) => html`<div class="row-actions">
    <a class="ds-button" data-variant="secondary" href=${backLink({ client: client.id, absence: absence.id })}>${t("Er tilbake")}</a>
    ${settAction(state, client, t("Sett"))}</div>`;

/** What is missing for coming home, while it is near and on the first day there. */
const missing = (state, client) =>
  missingForHomeOf(state, client).map((code) => {
    const plan = html` <a href=${planVisitLink(client)}>${t("Planlegg et besøk")}</a>`;
    return html`<p class="notice" data-color=${code === "no_home" ? "danger" : "warning"}><b>${label("missing_for_home", code)}</b>${code === "no_visit" ? plan : nothing}</p>`;
  });

/** Coming home in steps, and what is ready for it. */
function homecoming(state, client, absence) {
  const about = { client: client.id, absence: absence.id };
  const steps = (absence.steps ?? []).filter((step) => Date.parse(step.to_at) > state.nowMs);
  return html`${steps.length ? html`<section class="card"><h2>${t("Steg hjem")}</h2><ul class="plain">${steps.map((step) => html`<li>${stepWords(state, step)}</li>`)}</ul></section>` : nothing}
    <div class="chips"><a class="chip" href=${logLink("absence_step_set", about)}>${t("Steg hjem")}</a>
    <a class="chip" href=${logLink("discharge_planned", about)}>${t("Utskriving planlagt")}</a></div>`;
}

const stepWords = (state, { from_at: from, to_at: to, watch }) =>
  `${when(Date.parse(from), state.nowMs)}–${when(Date.parse(to), state.nowMs)} · ${lower(label("step_watch", watch))}`;

/** "bør ses innen 14.05" before, "skulle vært sett innen 14.05" after. */
function dueWords(client, now) {
  const due = isWatched(client) && client.watch.due_at;
  if (!due) return "";
  return Date.parse(due) > now ? t("bør ses {due}", { due: dueBy(due, now) }) : dueBy(due, now);
}

function handOverWords(state, client) {
  const over = handOverOf(state, client.id);
  if (!over) return "";
  const words = handedWords(state, over);
  return sentences(words);
}

/** The agreement in words: "Avtale: hver 24. time, telefon teller ikke." */
export function watchWords({ watch, stub }, now) {
  if (stub) return "";
  if (!watch || watch.mode === "off") return t("Ingen tilsynsavtale.");
  const said = watch.agreed === false ? N("Uten avtale: {often}, {counts}.") : N("Avtale: {often}, {counts}.");
  const often =
    watch.mode === "each_shift"
      ? shiftWords(watch.shifts)
      : tn(watch.interval_minutes / 60, "hver time", "hver {n}. time");
  const counts = watch.counts?.includes("heard") ? t("telefon teller") : t("telefon teller ikke");
  const tightUntil = Date.parse(watch.tightened_until ?? "");
  return [
    t(said, { often, counts }),
    tightUntil > now ? t("Tettere til {day}.", { day: date(tightUntil, now) }) : "",
    watch.agreed === false ? t("Avtale mangler: spør brukeren.") : "",
    watch.review_on && Date.parse(watch.review_on) < now
      ? t("Skulle vært vurdert på nytt {day}.", { day: plainDate(watch.review_on, now) })
      : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** "hver vakt: dag og kveld"; without an answer the contract means day and evening. */
const shiftWords = (shifts) =>
  t("hver vakt: {shifts}", {
    shifts: (shifts?.length ? shifts : ["day", "evening"]).map((shift) => lower(label("shift", shift))).join(", "),
  });

function plannedWords(state, client) {
  const at = isEnded(client) ? null : contactDue(state, client);
  return at === null ? "" : t("Planlagt kontakt {day}.", { day: date(at, state.nowMs) });
}
