/** I dag beside the clock: whom the duty should ask after, what happens when the team closes, what others have handed over, what must be asked. */
import { ENTRY_TYPES } from "../core/entry_types.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { lower, N, t, tn } from "../texts/t.js";
import {
  answerToConcern,
  backLink,
  handOverWatchTap,
  stillAwayLink,
  takeWatchTap,
  logLink,
  tap,
  watchLink,
} from "./actions.js";
import { stillAway } from "./alert_words.js";
import { handOverOf, handOverUntil, teamName, whenClosed } from "./hours.js";
import { withoutEffect } from "./checks.js";
import { entryTitle } from "./entry_words.js";
import { icon } from "./icons.js";
import { occurred, said } from "./people.js";
import { clientLink, clientRow, section, settButton } from "./parts.js";
import { byWhom, clock, colleague, daysAway, dueBy, plainDate, when } from "./words.js";

const done = (words) => html`<span class="done">${icon("check")} ${words}</span>`;
const listed = (parts, by = " · ") => parts.filter(Boolean).map((part, i) => html`${i ? by : ""}${part}`);

// --- concerns and sightings beside the clock -------------------------------------------------------------------

export const checks = (state, rows) =>
  section(
    t("Sjekk i dag"),
    rows.map((row) => checkRow(state, row)),
  );

/** «Til neste tavlemøte»: the same line, for the meeting. */
export const forBoard = (state, rows) =>
  section(
    t("Til neste tavlemøte"),
    rows.map((row) => checkRow(state, row)),
  );

function checkRow(state, row) {
  const { client, entries, out, days = 0, settled } = row;
  return clientRow(state, client, {
    reason: listed([
      out && html`<strong class="due">${outWords(out, state.nowMs)}</strong>`,
      ...told(entries)
        .slice(0, 3)
        .map((entry) => raisedWords(state, entry, days)),
    ]),
    action: settled ? done(t("Fulgt opp")) : checkActions(state, client, entries),
  });
}

function checkActions(state, client, entries) {
  const answer = html`<button type="button" class="ds-button" data-variant="secondary" data-tap=${answerTap(client, entries)}
      aria-label=${t("Fulgt opp: {name}", { name: client.name })}>${t("Fulgt opp")}</button>`;
  return entries.some(withoutEffect)
    ? html`<span class="row-actions below">${writeIt(state, client, entries)}${answer}</span>`
    : answer;
}

const answerTap = (client, entries) => {
  const [first, ...also] = entries.map((entry) => answerToConcern(entry, client));
  return tap({ ...first, also, said: t("Fulgt opp: {name}", { name: client.name }) });
};

const OUT = {
  __proto__: null,
  admitted: N("utskrevet {ago}"),
  treatment: N("ute av rusbehandling {ago}"),
  detox: N("ute av avrusning {ago}"),
  prison: N("løslatt {ago}"),
};
const outWords = ({ kind, at }, now) => t(OUT[kind], { ago: daysAgo(-daysAway(at, now)) });
const daysAgo = (n) => (n <= 0 ? t("i dag") : n === 1 ? t("i går") : tn(n, "for 1 dag siden", "for {n} dager siden"));

const inARow = (n) =>
  n < 2 ? "" : n === 2 ? t("andre dag på rad") : n === 3 ? t("tredje dag på rad") : tn(n, "1 dag", "{n} dager på rad");

/** What one source has missed several times is one line. */
const told = (entries) =>
  entries.filter(
    (entry, i) =>
      said(entry).what !== "missed" ||
      entries.findIndex((one) => said(one).what === "missed" && said(one).source === said(entry).source) === i,
  );

/** "LAR-utlevering: ikke møtt, andre dag på rad", "«Snakker om å gi opp» Mona 09.10" */
function raisedWords(state, entry, days) {
  const { what, source, reason, note } = said(entry);
  const at = when(occurred(entry), state.nowMs);
  if (withoutEffect(entry)) return noEffectWords(state, entry, at);
  if (entry.type === "concern_raised") return `«${reason}» ${colleague(state, entry.author_id)} ${at}`;
  if (ENTRY_TYPES[entry.type]?.outcome?.[0] === "check_in")
    return `${label("check_in", what)} ${at}${note ? ` «${note}»` : ""}`;
  const row = what === "missed" ? inARow(days) : "";
  return html`${label("source", source)}: ${lower(label("sighting", what))} ${at}${row ? html`, <strong>${row}</strong>` : nothing}${note ? ` «${note}»` : ""}`;
}

/** What an entry without effect would have said: {meant, was}, `was` the title of what it corrects. */
function intended(state, entry) {
  const target = entry.type === "entry_corrected" ? state.entries.get(entry.body.entry_id) : undefined;
  return target
    ? { meant: { ...target, amended_body: { ...said(target), ...entry.body.body } }, was: entryTitle(target) }
    : { meant: entry };
}

/** "Bob 23. nov. 20.55: Fravær, innlagt. Uten virkning: …": who is of another team, so the entry brings the name. */
function noEffectWords(state, entry, at) {
  const { meant, was } = intended(state, entry);
  const title = entryTitle(meant);
  const what = !was
    ? title
    : was === title
      ? t("Retting av «{was}»", { was })
      : t("Retting av «{was}» til «{title}»", { was, title: lower(title) });
  return `${entry.author_name ?? colleague(state, entry.author_id)} ${at}: ${what}. ${t("Uten virkning: teamet fulgte ikke brukeren da det kom. Stemmer det, må en av dere føre det.")}`;
}

/** The way to write it oneself: the form of what it would have said. */
function writeIt(state, client, entries) {
  const { meant } = intended(state, entries.find(withoutEffect));
  const about = { client: client.id, ...(meant.case_id ? { case: meant.case_id } : {}) };
  return html`<a class="ds-button" data-variant="secondary" href=${logLink(meant.type, about)} aria-label=${t("Før det: {what}", { what: entryTitle(meant) })}>${t("Før det")}</a>`;
}

// --- before closing --------------------------------------------------------------------------------------------

/** Whom nobody looks for until the team opens, with what is agreed for each. */
export function beforeClosing(state, rows) {
  const closesAt = rows.find((row) => row.closing)?.closing.closesAt;
  const at = { clock: clock(closesAt ?? state.nowMs) };
  return section(
    closesAt > state.nowMs ? t("Før dere stenger {clock}", at) : t("Dere stengte {clock}", at),
    rows.map((row) => closingRow(state, row)),
  );
}

const AGREED = { wait: N("venter til dere åpner"), hand_over: N("overleveres"), on_call: N("går til vakttelefonen") };

function closingRow(state, row) {
  const { client, settled, closing, hours } = row;
  if (settled || !closing) return clientRow(state, client, row);
  const over = handOverOf(state, client.id);
  const team = hours.to_team_id && teamName(state, hours.to_team_id, hours.to_team_name);
  return html`<li class="row"><a class="row-main" href=${clientLink(client.id)}><b>${client.name}</b>
      <span class="sub"><strong>${dueBy(client.watch.due_at, state.nowMs)}</strong> · ${over ? handedWords(state, over, team) : t(AGREED[whenClosed(client, hours)])}</span></a>
    <div class="row-actions">${
      team && !over
        ? html`<button type="button" class="ds-button" data-variant="secondary" data-tap=${handOverTap(state, row, team)}
      aria-label=${t("Overlever {name} til {team}", { name: client.name, team })}>${t("Overlever til {team}", { team })}</button>`
        : nothing
    }
    ${settButton(state, client)}</div></li>`;
}

const handOverTap = (state, { client, closing, hours }, team) =>
  handOverWatchTap(
    client,
    { to_team_id: hours.to_team_id, until_at: handOverUntil(closing, state.nowMs) },
    t("{name} er overlevert til {team}", { name: client.name, team }),
  );

/** "Natteam har tatt den (Siri)", "overlevert til Natteam, ikke tatt ennå". */
export function handedWords(state, over, team = teamName(state, over.to_team_id, over.to_team_name)) {
  return over.taken_by
    ? t("{team} har tatt den ({name})", { team, name: over.taken_by_name ?? colleague(state, over.taken_by) })
    : t("overlevert til {team}, ikke tatt ennå", { team });
}

// --- handed to us ----------------------------------------------------------------------------------------------

export const handed = (state, rows) =>
  section(
    t("Overlevert til dere"),
    rows.filter((row) => row.client).map((row) => handedRow(state, row)),
  );

function handedRow(state, { client, handOver: one }) {
  const from = teamName(state, one.from_team_id, one.from_team_name);
  const until = t("til {when}", { when: when(Date.parse(one.until_at), state.nowMs) });
  return clientRow(state, client, {
    reason: listed([
      client.watch?.due_at && html`<strong>${dueBy(client.watch.due_at, state.nowMs)}</strong>`,
      from ? t("fra {team} {until}", { team: from, until }) : until,
    ]),
    action: one.taken_by
      ? done(t("Tatt av {name}", { name: byWhom(state, one.taken_by) }))
      : html`<button type="button" class="ds-button" data-tap=${takeWatchTap(client, one)} aria-label=${t("Ta over {name}", { name: client.name })}>${t("Ta over")}</button>`,
  });
}

// --- what must be asked ----------------------------------------------------------------------------------------

export const asks = (state, rows) =>
  section(
    t("Spør hvordan det står"),
    rows.map((row) => askRow(state, row)),
  );

function askRow(state, { alert, client, absence, settled }) {
  if (!client) return nothing;
  const about = { client: client.id, absence: absence?.id ?? alert.subject_id };
  return html`<li class="row"><a class="row-main" href=${clientLink(client.id)}><b>${client.name}</b><span class="sub">${stillAway(absence, state.nowMs)}</span></a>
    ${
      settled
        ? done(t("ført nå"))
        : html`<div class="row-actions"><a class="ds-button" data-variant="secondary" href=${stillAwayLink(about)} aria-label=${t("Fortsatt borte: {name}", { name: client.name })}>${t("Fortsatt borte")}</a>
    <a class="ds-button" data-variant="secondary" href=${backLink(about)} aria-label=${t("Er tilbake: {name}", { name: client.name })}>${t("Er tilbake")}</a></div>`
    }</li>`;
}

/** The watch agreements to be looked at again, with the person: a line until a new one is made. */
export const reviews = (state, rows = []) =>
  section(
    t("Avtaler å vurdere på nytt"),
    rows.map(({ client, settled }) =>
      clientRow(state, client, {
        reason: reviewWords(client.watch, state.nowMs),
        action: settled
          ? done(t("ført nå"))
          : html`<div class="row-actions"><a class="ds-button" data-variant="secondary" href=${watchLink(client)} aria-label=${t("Se på avtalen: {name}", { name: client.name })}>${t("Se på avtalen")}</a></div>`,
      }),
    ),
  );

const reviewWords = ({ review_on }, now) =>
  daysAway(Date.parse(`${review_on}T12:00:00Z`), now) < 0
    ? t("Skulle vært vurdert på nytt {day}.", { day: plainDate(review_on, now) })
    : t("Vurderes på nytt i dag.");
