/** Mer: this phone's checklist, what was not accepted and why, who is signed in, language. */
import "../texts/code_words_more.js";
import { html, nothing } from "../../vendor/lit-html.js";
import { label } from "../texts/codes.js";
import { language, LANGUAGES, N, t, tn } from "../texts/t.js";
import { logLink } from "./actions.js";
import { checklist } from "./checklist.js";
import { entryTitle } from "./entry_words.js";
import { FORMS } from "./forms.js";
import { withNumbers } from "./numbers.js";
import { clientName, occurred } from "./people.js";
import { header, section } from "./parts.js";
import { when } from "./words.js";

export function moreView(state, { phone = {}, signingOut }) {
  return html`${header(state, t("Mer"))}
    ${checklist(state, phone)}
    ${section(
      t("Kommer ikke fram"),
      state.outbox.held.filter(isStuck).map((row) => heldRow(state, row)),
    )}
    ${section(
      t("Ikke godtatt"),
      state.outbox.held.filter((row) => !isStuck(row)).map((row) => heldRow(state, row)),
    )}
    ${
      ["landlord", "privacy", "admin"].includes(state.me.role)
        ? nothing
        : html`<p><a class="ds-button wide" data-variant="secondary" href="/felt/vakter">${t("Mine vakter")}</a></p>
      <p><a class="ds-button wide" data-variant="secondary" href="/felt/journal">${t("Til journal")}</a></p>`
    }
    ${who(state, signingOut)}
    ${languages()}
    ${pages(state)}
    <p class="sub">${withNumbers(t("Akutt fare: ring 112. Liv og helse: 113. Legevakt: 116 117."))}</p>`;
}

/** The pages of a role that stand outside the phone, and need coverage. */
const PAGES = {
  __proto__: null,
  fieldworker: [
    ["/felt/nodtilgang", N("Nødtilgang")],
    ["/kontor/team?vikar", N("Ta inn en vikar")],
  ],
  leader: [
    ["/kontor", N("Åpne kontoret")],
    ["/felt/nodtilgang", N("Nødtilgang")],
    ["/kontor/team?vikar", N("Ta inn en vikar")],
    ["/kontor/bekreft", N("Må bekreftes")],
    ["/kontor/logg", N("Leselogg")],
  ],
  privacy: [["/kontor/logg", N("Leselogg og innsyn")]],
  landlord: [["/kontor/delt", N("Delt med deg")]],
  admin: [["/kontor", N("Åpne kontoret")]],
};

const pages = (state) =>
  [...(PAGES[state.me.role] ?? []), ["/konto", N("Min konto")]].map(
    ([href, words]) => html`<p><a class="ds-button wide" data-variant="secondary" href=${href}>${t(words)}</a></p>`,
  );

/** The network does not let it through; it has no verdict. */
const isStuck = (row) => row.state === "pending";

const REASONS = {
  __proto__: null,
  too_large: N("Nettet slipper det ikke gjennom: det er for stort. Prøves igjen av seg selv."),
  not_let_through: N(
    "Nettet slipper det ikke gjennom. Prøves igjen av seg selv, og med «Prøv nå». Prøv gjerne et annet nett.",
  ),
  malformed: N("Serveren kunne ikke lese det. Prøves igjen av seg selv."),
  invalid_body: N("Noe i skjemaet er ikke fylt ut riktig."),
  invalid_envelope: N("Notatet kunne ikke leses."),
  too_long: N("Teksten er for lang."),
  unknown_reference: N(
    "Gjelder noe som ikke finnes på serveren ennå, eller som du ikke har tilgang til. Prøves igjen.",
  ),
  not_permitted: N("Du har ikke lov til å føre dette."),
  id_reused: N("Notatet er sendt før med annet innhold."),
  already_exists: N("Dette finnes allerede."),
  stale_base: N("Noen har endret dette i mellomtiden."),
  author_unproven: N("Logg inn, så blir det sendt."),
  private_has_no_note: N("En privat samtale kan ikke ha tekst."),
  newer_version: N("Serveren er eldre enn telefonen. Prøves igjen."),
  unreadable: N("Serveren fikk ikke åpnet det. Det ligger trygt på telefonen, og pakkes og sendes på nytt."),
  unknown_key: N("Serveren har ikke nøkkelen det er låst med. Det ligger trygt på telefonen, og prøves igjen."),
  unknown_type: N("Serveren kjenner ikke dette ennå. Prøves igjen."),
};

function heldRow(state, row) {
  const { entry } = row;
  return html`<li class="row"><span class="row-main"><b>${entryTitle(entry)}</b>
    <span class="sub">${entry.client_id ? `${clientName(state, entry.client_id)} · ` : ""}${when(occurred(entry), state.nowMs)}</span>
    <span>${row.message ?? (REASONS[row.code] ? t(REASONS[row.code]) : isStuck(row) ? t(REASONS.not_let_through) : t("Serveren sa nei: {code}", { code: row.code ?? "" }))}</span></span>
    ${row.mendable && FORMS[entry.type] ? html`<a class="ds-button" data-variant="secondary" href=${mendLink(row)} aria-label=${t("Rett opp: {what}", { what: [entryTitle(entry), entry.client_id && clientName(state, entry.client_id), when(occurred(entry), state.nowMs)].filter(Boolean).join(", ") })}>${t("Rett opp")}</a>` : nothing}</li>`;
}

/** The form of the entry again, about the same client, case, alert or entry. */
function mendLink({ id, entry }) {
  const { alert_id, entry_id, absence_id, duty_id } = entry.body;
  const about = {
    client: FORMS[entry.type].who === "mint" ? null : entry.client_id,
    case: entry.case_id,
    alert: alert_id,
    entry: entry_id,
    absence: absence_id,
    duty: duty_id,
    mend: id,
  };
  return logLink(entry.type, Object.fromEntries(Object.entries(about).filter(([, value]) => value)));
}

function who(state, signingOut) {
  const { pending, unsent } = state.outbox;
  return html`<section class="card"><h2>${state.me.name}</h2>
    <p class="sub">${label("role", state.me.role)} · ${state.me.teams.map((team) => team.name).join(", ")}</p>
    ${
      signingOut
        ? html`<div class="notice" data-color="warning" role="alert"><p>${tn(pending || unsent, "1 notat er ikke sendt. Det blir liggende på telefonen, og sendes i ditt navn neste gang noen har dekning.", "{n} notater er ikke sendt. De blir liggende på telefonen, og sendes i ditt navn neste gang noen har dekning.")}</p>
      <p><button type="button" class="ds-button" data-do="sign-out-now">${t("Logg ut likevel")}</button> <button type="button" class="ds-button" data-variant="secondary" data-do="sign-out-stay">${t("Bli innlogget")}</button></p></div>`
        : html`<p><button type="button" class="ds-button" data-variant="secondary" data-do="sign-out">${t("Logg ut")}</button>
      <a class="ds-button" data-variant="secondary" href="/felt/logg-inn">${t("Bytt bruker")}</a></p>`
    }</section>`;
}

const languages =
  () => html`<section class="card"><h2 id="language">${t("Språk")}</h2><div class="chips" role="group" aria-labelledby="language">
  ${Object.entries(LANGUAGES).map(([code, name]) => html`<button type="button" class="chip" lang=${code} data-language=${code} aria-pressed=${language() === code}>${name}</button>`)}</div></section>`;
