/** I dag: what is on fire, who should be seen soon, due cases, my planned contacts, the rest, and what I just saved. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { ackTap, newClientLink, tap, wasSeenLink } from "./actions.js";
import { alertStory, alertTitle, arrivalWords } from "./alert_words.js";
import { caseTitle, caseReason } from "./case_words.js";
import { contactDue } from "./day.js";
import { offeredToMe } from "./duty_list.js";
import { entryTitle } from "./entry_words.js";
import { icon } from "./icons.js";
import { withNumbers } from "./numbers.js";
import { clientName, mineLately, savedAt } from "./people.js";
import { ending, extendLink, isMine, isSafety, visitOf } from "./safety.js";
import { asks, beforeClosing, checks, handed, reviews } from "./shift.js";
import {
  clientRow,
  header,
  meetsNobody,
  notSent,
  section,
  settAction,
  settMeans,
  stateWords,
  urgentUnsent,
} from "./parts.js";
import { clock, daysAway, dutyTimes, longDate, plainDate, when } from "./words.js";

export function todayView(state, { rows, allRest, notes, plannedDay }) {
  const { fire, soon, cases, planned, rest, arrivals = [] } = rows;
  const shownRest = allRest ? rest : rest.slice(0, 8);
  const quiet = ["fire", "checks", "handed", "closing", "soon", "asks", "reviews", "cases", "planned"].every(
    (group) => !rows[group]?.length,
  );
  return html`${arrivals.length ? html`<p class="arrivals"><button type="button" data-do="refresh">${arrivalWords(state, arrivals)}</button></p>` : nothing}
    ${header(state, t("I dag"), { sub: [longDate(state.nowMs), state.me.teams.map((team) => team.name).join(", ")].filter(Boolean).join(" · ") })}
    ${unsent(state)}
    ${lockedCard(state)}
    ${fire.map((row) => fireCard(state, row, fire.length > 1))}
    ${quiet && state.clients.size && !state.sync.filling ? html`<p class="card quiet">${arrivals.length ? t("Noe nytt er kommet.") : html`${icon("check")} ${t("Ingenting haster nå.")}`}</p>` : nothing}
    ${checks(state, rows.checks)}
    ${handed(state, rows.handed)}
    ${beforeClosing(state, rows.closing)}
    ${offerLines(state)}
    ${notes?.(state) ?? nothing}
    ${section(
      t("Bør ses snart"),
      soon.map((row) => clientRow(state, row.client, row)),
    )}
    ${soon.length || rows.closing.length ? settMeans() : nothing}
    ${plannedDay?.(state) ?? nothing}
    ${asks(state, rows.asks)}
    ${reviews(state, rows.reviews)}
    ${section(
      t("Saker"),
      cases.map((row) => caseRow(state, row)),
    )}
    ${section(
      t("Mine avtaler"),
      planned.map((row) => clientRow(state, row.client, { ...row, reason: plannedReason(state, row) })),
    )}
    ${section(
      t("Resten"),
      shownRest.map((row) => clientRow(state, row.client, row)),
      { count: rest.length },
    )}
    ${rest.length > shownRest.length ? html`<p><button type="button" class="ds-button wide" data-variant="secondary" data-do="all-rest">${t("Vis alle {n}", { n: rest.length })}</button></p>` : nothing}
    ${state.clients.size ? nothing : nobody(state)}
    ${mine(state)}`;
}

/** A calm line for each duty somebody has offered me. */
const offerLines = (state) =>
  offeredToMe(state)
    .filter((duty) => !duty.pending_take)
    .map(
      (duty) =>
        html`<p class="card quiet"><a href="/felt/vakter">${t("{name} har tilbudt deg en vakt: {when}", {
          name: state.staff.get(duty.staff_id)?.name ?? t("En kollega"),
          when: dutyTimes(duty, state.nowMs),
        })}</a></p>`,
    );

function nobody(state) {
  if (meetsNobody(state))
    return html`<p class="card quiet">${t("Du følger ikke opp brukere, så her er det ikke noe å føre.")}</p>`;
  return html`<div class="card quiet"><p>${!state.sync.kept && !state.sync.online ? t("Listene trenger dekning: på denne telefonen lagres ikke det som hentes. Du kan føre som før.") : state.sync.filling ? t("Henter brukerne dine. Første gang trengs dekning.") : t("Ingen brukere i teamene dine ennå.")}</p>
    ${state.me.role === "landlord" ? nothing : html`<p><a class="ds-button" href=${newClientLink()}>${t("Ny bruker")}</a></p>`}</div>`;
}

/** Written while the phone was locked, by whoever held it: its author says that it was they, or takes it back. */
export const lockedCard = (state) =>
  (state.lockedEntries ?? []).map(
    (
      one,
    ) => html`<section class="card"><p><b>${t("Skrevet på låst telefon: {what} {clock}. Var det deg?", { what: entryTitle({ type: one.type, body: {} }), clock: clock(one.at) })}</b></p>
    <div class="actions"><button type="button" class="ds-button" data-confirm-locked=${one.id}>${t("Ja, det var meg")}</button>
      ${state.entries.has(one.id) ? html`<button type="button" class="ds-button" data-variant="secondary" data-undo=${one.id} data-confirm-locked=${one.id}>${t("Nei, angre den")}</button>` : nothing}</div></section>`,
  );

export function unsent(state) {
  const [first] = urgentUnsent(state);
  return first ? notSent(state, first.team_id ?? state.clients.get(first.client_id)?.team_ids?.[0]) : nothing;
}

/** The red card: what happened, who was told, and the three true answers. */
export function fireCard(state, { alert, crisis, client, settled }, repeated) {
  const name = alert && isSafety(alert) ? null : client?.name; // whose door it was at is not whom it was about
  if (settled) return settledCard(name ? t("{name}: varselet er avsluttet", { name }) : t("Varselet er avsluttet"));
  if (crisis) return crisisCard(state, crisis, client, repeated);
  if (alert.pending_end)
    return settledCard(
      name
        ? t("{name}: ført. Varselet avsluttes når det er sendt.", { name })
        : t("Ført. Varselet avsluttes når det er sendt."),
    );
  const href = alert.kind === "staff_help" && isMine(state, alert) ? "/felt/hjelp" : `/felt/varsel/${alert.id}`;
  return html`<section class="fire" data-color=${heat(state, alert)}>
    <h2><a href=${href}>${alertTitle(state, alert)}</a></h2>
    <p>${withNumbers(alertStory(state, alert))}</p>
    <div class="actions">${alertActions(state, alert, client, repeated)}</div>
  </section>`;
}

const settledCard = (words) => html`<section class="card quiet settled"><p>${icon("check")} ${words}</p></section>`;

/** Red only for what somebody should take now; a question to me is calm. */
export function heat(state, alert) {
  if (alert.state === "waiting") return "neutral";
  if (alert.kind === "drill") return "info";
  if (alert.kind === "staff_overdue" && isMine(state, alert)) return "info";
  return alert.owner ? "warning" : "danger";
}

export function alertActions(state, alert, client, repeated = false) {
  if (isMine(state, alert)) return mySafety(state, alert);
  const named = (words) => (repeated ? naming(words, alertTitle(state, alert)) : nothing);
  const mineAlready = alert.owner === state.me.id || alert.pending_ack || !mayTake(state);
  return html`
    ${mineAlready ? nothing : ackButton(alert, named(t("Jeg tar den")))}
    ${alert.kind === "crisis" ? html`<a class="ds-button" data-variant="secondary" data-color="accent" href=${alert.case_id ? `/felt/sak/${alert.case_id}` : `/felt/varsel/${alert.id}`} aria-label=${named(t("Åpne"))}>${t("Åpne")}</a>` : nothing}
    ${
      alert.kind === "not_seen" && client && !client.deceased
        ? html`${settAction(state, client, t("Sett nå"), "accent")}
      <a class="ds-button" data-variant="secondary" data-color="accent" href=${wasSeenLink(alert)} aria-label=${named(t("Var sett, ikke ført"))}>${t("Var sett, ikke ført")}</a>`
        : nothing
    }
    ${alert.kind === "concern" || isSafety(alert) ? html`<a class="ds-button" data-variant="secondary" data-color="accent" href="/felt/varsel/${alert.id}" aria-label=${named(t("Åpne"))}>${t("Åpne")}</a>` : nothing}`;
}

/**
 * What waits for the team to open may be taken, but does not call for it.
 * @param {any} alert @param {any} [name] what is read aloud, when the button stands more than once
 */
export const ackButton = (
  alert,
  name = nothing,
) => html`<button type="button" class="ds-button" data-color=${alert.state === "waiting" ? "accent" : "danger"}
  data-variant=${alert.state === "waiting" ? "secondary" : nothing} data-tap=${ackTap(alert)} aria-label=${name}>${t("Jeg tar den")}</button>`;

/** A button that stands on each of several alerts says on which: it is heard without the card around it. */
const naming = (words, title) => `${words}: ${title}`;

/** «Er alt bra?» asked of me, and what I have asked for myself. */
function mySafety(state, alert) {
  if (alert.kind === "staff_help")
    return html`<a class="ds-button" data-variant="secondary" data-color="accent" href="/felt/hjelp">${t("Åpne")}</a>`;
  const visit = visitOf(state, alert);
  return html`${
    visit
      ? html`<button type="button" class="ds-button" data-color="accent" data-tap=${tap(ending(state, visit, "/felt"))}>${t("Alt bra, ferdig")}</button>
    <a class="ds-button" data-variant="secondary" data-color="accent" href=${extendLink(visit)}>${t("Forleng")}</a>`
      : nothing
  }
    <a class="ds-button" data-variant="secondary" data-color="danger" href="/felt/hjelp">${t("Be om hjelp")}</a>`;
}

/** An erfaringskonsulent is never asked to take an alert. */
export const mayTake = (state) => state.me.role !== "peer";

function crisisCard(state, crisis, client, repeated) {
  const title = t("Krise: {name}", { name: client?.name ?? t("Uten navn") });
  return html`<section class="fire" data-color="danger"><h2><a href="/felt/sak/${crisis.id}">${title}</a></h2>
    <p>${t("Startet {when}.", { when: when(Date.parse(crisis.opened_at), state.nowMs) })}</p>
    <div class="actions"><a class="ds-button" data-color="danger" href="/felt/sak/${crisis.id}" aria-label=${repeated ? naming(t("Åpne"), title) : nothing}>${t("Åpne")}</a></div></section>`;
}

const caseRow = (
  state,
  { case: one, client, deadline, settled },
) => html`<li class="row"><a class="row-main" href="/felt/sak/${one.id}">
  <b>${client?.name ?? t("Uten navn")}</b><span class="sub">${caseTitle(one)} · ${settled ? t("ført nå") : deadline ? deadlineWords(one, state.nowMs) : caseReason(one, state.nowMs)}</span></a></li>`;

const deadlineWords = (one, now) => {
  const away = one.deadline_on ? daysAway(Date.parse(`${one.deadline_on}T10:00:00Z`), now) : 0;
  return html`<strong>${away === 0 ? t("Frist i dag") : away < 0 ? t("Fristen var {day}", { day: plainDate(one.deadline_on, now) }) : t("Frist {day}", { day: plainDate(one.deadline_on, now) })}</strong>`;
};

function plannedReason(state, { client, at }) {
  const due = at ?? contactDue(state, client);
  const late = due !== null && due < state.nowMs - 86_400_000;
  return html`<strong>${late ? t("skulle hatt kontakt {day}", { day: plainDate(new Date(due).toISOString().slice(0, 10), state.nowMs) }) : t("planlagt i dag")}</strong> · ${stateWords(state, client)}`;
}

/** My last saves, with Angre for ten minutes. */
/** About the team and not about anybody: nobody's name is missing. */
const isOfTeam = (entry) => entry.type.startsWith("duty_");

function mine(state) {
  const rows = mineLately(state);
  return section(
    t("Mine siste"),
    rows.map(
      (
        entry,
      ) => html`<li class="row"><span class="row-main"><b>${isOfTeam(entry) ? entryTitle(entry) : clientName(state, entry.client_id)}</b>
    <span class="sub">${isOfTeam(entry) ? "" : html`${entryTitle(entry)} · `}${clock(savedAt(entry))} · ${entry.local ? t("lagret på telefonen") : t("mottatt")}</span></span>
    <button type="button" class="ds-button" data-variant="secondary" data-undo=${entry.id} aria-label=${t("Angre: {what}", { what: [entryTitle(entry), isOfTeam(entry) ? "" : clientName(state, entry.client_id), clock(savedAt(entry))].filter(Boolean).join(", ") })}>${t("Angre")}</button></li>`,
    ),
    { count: 0 },
  );
}
