/** ＋: what can be logged, whom it is about, and the form itself. */
import { html, nothing } from "../../vendor/lit-html.js";
import { t } from "../texts/t.js";
import { menuOf } from "./menu.js";
import { backLink, goVisitLink, logLink } from "./actions.js";
import { nobodyWords, ownerWords, toldWords } from "./alert_words.js";
import { awayView } from "./away.js";
import { formOf } from "./correction.js";
import { facts } from "./entry.js";
import { entryTitle } from "./entry_words.js";
import { fieldTemplate } from "./fields.js";
import { localMinute } from "./form_times.js";
import { FORMS, aboutOf, contextOf, isWithoutSubject, saveWords, shownFields, tooLong } from "./forms.js";
import { icon } from "./icons.js";
import { withNumbers } from "./numbers.js";
import { absenceOf, occurred, said } from "./people.js";
import { pickRows } from "./picker.js";
import { beforeGoingIn } from "./risk.js";
import { myVisit } from "./safety.js";
import {
  absenceWords,
  clientLink,
  diedWords,
  entryLink,
  header,
  meetsNobody,
  notSent,
  settMeans,
  urgentUnsent,
} from "./parts.js";
import { clock, colleague, when } from "./words.js";

export function logView(state, params) {
  const { type } = params.query;
  if (type === "away") return awayView(state, params);
  if (type === "crisis_opened") return whoView(state, params, t("Krise"), type);
  if (type === "pick" && FORMS[params.query.for])
    return whoView(state, params, pickTitle(params.query.for), params.query.for);
  const form = formOf(state, params.query);
  if (!form) return menuView(state);
  const ctx = contextOf(state, params.query);
  if (form.who === "client" && !ctx.client) return whoView(state, params, t(form.title), type);
  if (form.living && ctx.client?.deceased) return deadView(state, ctx, form);
  if (isWithoutSubject(form, ctx))
    return html`${header(state, t(form.title), { back: "/felt" })}<p class="card quiet">${t("Det dette gjelder, er ikke på telefonen. Er det nytt, kommer det når du har dekning.")}</p>`;
  return formView(state, params, form);
}

const pickTitle = (type) => (FORMS[type].who === "client" ? t(FORMS[type].title) : t("En jeg kjenner"));

/** Nothing is asked of the dead, by whatever address the form was opened. */
function deadView(state, { client }, form) {
  return html`${header(state, t(form.title), { sub: client.name, back: clientLink(client.id) })}<p class="card quiet">${diedWords(state, client)}</p>`;
}

/** The same for a leader, with the duty list as one more. Who meets no clients is offered nothing that would be refused. */
function menuView(state) {
  if (meetsNobody(state))
    return html`${header(state, t("Før noe nytt"))}<p class="card quiet">${t("Du følger ikke opp brukere, så her er det ikke noe å føre.")}</p>`;
  return html`${header(state, t("Før noe nytt"))}
    <ul class="tiles">
      ${menuOf(state.me.role).map((type) => html`<li><a class="tile" href=${logLink(type)}>${icon(FORMS[type].icon)}<span>${t(FORMS[type].title)}</span></a></li>`)}
      ${
        state.me.role === "landlord"
          ? nothing
          : html`<li><a class="tile" data-color="danger" href=${logLink("crisis_opened")}>${icon("crisis")}<span>${t("Krise")}</span></a></li>
      <li class="all"><a class="tile" data-color="danger" href="/felt/hjelp">${icon("bell")}<span>${t("Be om hjelp")}</span></a></li>`
      }
    </ul>`;
}

/** Whom is it about: search, and the likeliest first. */
function whoView(state, params, title, type) {
  const crisis = type === "crisis_opened";
  return html`${header(state, title, { sub: t("Hvem gjelder det?"), back: "/felt/ny" })}
    ${crisis ? html`<p class="means">${t("Gjelder det en du ikke kjenner?")} <a href="tel:113">${t("Ring 113")}</a> · <a href="tel:112">112</a> · <a href="tel:116117">116 117</a></p>` : nothing}
    <p class="search"><label class="ds-sr-only" for="who-search">${t("Søk etter bruker")}</label>${icon("search")}
      <input class="ds-input" id="who-search" type="search" data-search placeholder=${t("Navn, fødselsår eller adresse")} autocomplete="off" .value=${params.search ?? ""}></p>
    ${crisis ? html`<p class="means">${t("Ett trykk på navnet starter krisen og klokka.")}</p>` : nothing}
    ${pickRows(state, params, type)}`;
}

function formView(state, params, form) {
  const filled = params.form;
  if (!filled) return header(state, t(form.title));
  const { values, errors = {} } = filled;
  const ctx = contextOf(state, aboutOf(params.query, values));
  const field = (one) => fieldTemplate(one, values, ctx, errors[one.name]);
  const shown = new Set(shownFields(form, values, ctx));
  const more = (form.more ?? []).filter((one) => shown.has(one));
  return html`${header(state, t(form.title), { sub: subject(form, params, ctx), back: "/felt/ny" })}
    ${form.key === "concern_words" ? whoKnows(state, ctx.entry) : nothing}
    <form class="log" data-form=${form.type} autocomplete="off" novalidate>
      ${formNotices(state, filled)}
      <div class="card">
        ${lead(state, form, ctx, values)}
        ${form.hint ? html`<p class="means">${withNumbers(t(form.hint))}</p>` : nothing}
        ${form.who === "maybe" && form.case !== "given" ? whom(state, form, ctx) : nothing}
        ${form.fields.filter((one) => shown.has(one)).map(field)}
        ${form.now ? nothing : timeLine(values, state, errors._at)}
        ${moreFields(form, more, filled, field)}
      </div>
      ${form.means?.(values) ? settMeans() : nothing}
      <div class="save"><button class="ds-button wide" type="submit" ?disabled=${filled.saving}>${saveWords(form, values, ctx)}</button></div>
    </form>`;
}

/** What is behind «Mer»: open as the person left it, and where something in it is wrong. */
export const moreFields = (form, more, { values, errors = {}, more: open }, field) =>
  more.length
    ? html`<details class="more" data-more ?open=${open ?? more.some((one) => errors[one.name] || tooLong(one, values[one.name]))}><summary><b>${t("Mer")}</b> <span class="hint">${t(form.moreLabel)}</span></summary>${more.map(field)}</details>`
    : nothing;

/** That it is a draft, and what is wrong with it, above the questions. */
export const formNotices = (state, { restored, errors = {} }) =>
  html`${restored ? html`<p class="notice" data-color="info">${t("Dette er utkastet ditt fra {when}.", { when: when(restored, state.nowMs) })} <button type="button" class="link" data-do="empty-form">${t("Tøm")}</button></p>` : nothing}
      ${Object.keys(errors).length ? html`<p class="notice" data-color="danger" role="alert" tabindex="-1" id="form-wrong">${Object.values(errors)[0]}</p>` : nothing}`;

/** Whose entry it is that is corrected, and as it stands: nobody corrects by memory. */
function corrected(state, entry, values) {
  return html`<p><b>${entryTitle(entry)}</b> · ${when(occurred(entry), state.nowMs)} · ${colleague(state, entry.author_id)} <a href=${entryLink(entry.id)}>${t("Vis hele")}</a></p>
    ${values._what === "text" ? nothing : facts(state, entry, said(entry))}`;
}

/** While the words of a concern are written: whether anybody has been told of it yet. In place of a toast, which would cover it. */
function whoKnows(state, concern) {
  if (urgentUnsent(state, (entry) => entry.id === concern.id).length)
    return html`${notSent(state, concern.team_id ?? state.clients.get(concern.client_id)?.team_ids?.[0])}${takeBack(concern)}`;
  const alert = [...state.alerts.values()].find(
    (one) => one.kind === "concern" && (one.subject_id ?? one.id) === concern.id,
  );
  const nobody = nobodyWords(alert);
  if (nobody)
    return html`<p class="notice" data-color="danger" role="alert">${withNumbers(nobody)}</p>${takeBack(concern)}`;
  return alert
    ? html`<p class="notice" data-color="neutral" role="status">${[toldWords(state, alert.told), ownerWords(state, alert)].filter(Boolean).join(" ")}</p>${takeBack(concern)}`
    : nothing;
}

const takeBack = (concern) =>
  html`<p><button type="button" class="ds-button" data-variant="secondary" data-undo=${concern.id}>${t("Angre varselet")}</button></p>`;

/** Above the fields of a visit: what to know before going in, and the way to be missed when one does not come back. */
export function lead(state, form, { client, entry }, values) {
  if (form.entry && entry) return corrected(state, entry, values);
  const visit = myVisit(state);
  if (form.goesIn) {
    return html`${beforeGoingIn(state, client?.id)}${visit ? html`<p class="means">${visit.client_id === client?.id ? t("Besøket som går, blir forlenget.") : t("Besøket som går, avsluttes.")}</p>` : nothing}`;
  }
  if (!form.meets || !client) return nothing;
  const absence = absenceOf(state, client.id);
  if (absence)
    return html`<p class="means">${sentence(absenceWords(absence, state.nowMs))} <a href=${backLink({ client: client.id, absence: absence.id })}>${t("Er tilbake")}</a></p>`;
  if (form.meets !== "at_home" || visit) return nothing;
  return html`<p class="means">${t("Skal du inn nå?")} <a href=${goVisitLink(client)}>${t("Gå på besøk")}</a></p>`;
}

const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`.replace(/\.\.$/, ".");

const subject = (form, params, ctx) => (ctx.client && form.who !== "maybe" ? ctx.client.name : "");

/** A street contact needs no name; a known person is one tap away. */
function whom(state, form, { client }) {
  return html`<fieldset class="field"><legend class="field-label">${t("Hvem?")}</legend><div class="chips">
    <a class="chip" href=${logLink(form.type)} data-replace aria-current=${client ? "false" : "true"}>${t("Uten navn")}</a>
    <a class="chip" href=${logLink("pick", { for: form.type })} aria-current=${client ? "true" : "false"}>${client ? client.name : t("En jeg kjenner")}</a></div></fieldset>`;
}

/** nå · for 1 t siden · velg tid. A chosen time is never corrected afterwards, and never ahead. */
export function timeLine(values, state, error) {
  const at = values._at ?? "now";
  const pick = !["now", "hour"].includes(at);
  return html`<fieldset class="field" data-field="_at"><legend class="field-label">${t("Når?")}</legend><div class="chips">
    ${[
      ["now", t("Nå, {clock}", { clock: clock(state.nowMs) })],
      ["hour", t("For 1 t siden")],
      ["pick", t("Velg tid")],
    ].map(
      ([code, words]) => html`
      <button type="button" class="chip" data-pick="_at" data-value=${code} aria-pressed=${code === "pick" ? pick : at === code}>${words}</button>`,
    )}</div>
    ${pick ? html`<label class="ds-sr-only" for="f-_at">${t("Når?")}</label><input class="ds-input" id="f-_at" name="_at" type="datetime-local" max=${localMinute(state.nowMs)} .value=${at === "pick" ? "" : at}>` : nothing}
    ${error ? html`<p class="wrong" id="f-_at-wrong" data-color="danger">${error}</p>` : nothing}</fieldset>`;
}
