/** Owns how the safety of those who are out reads: whose it is, where they are, since when. Words only; ui/ acts. */
import { t } from "../texts/t.js";
import { endOfVisit, visitLink } from "./actions.js";
import { clock, sentences, when } from "./words.js";

const KINDS = new Set(["staff_help", "staff_overdue"]);
export const isSafety = (alert) => KINDS.has(alert.kind);

/** My own visit that runs now, or null. */
export const myVisit = (state) => running(state, (one) => one.staff_id === state.me?.id);

/** The visit I am second on, when I have none of my own. */
const joinedVisit = (state) => running(state, (one) => one.with_staff?.includes(state.me?.id));

const running = (state, isIt) =>
  [...(state.visits?.values() ?? [])]
    .filter((one) => !one.ended_at && isIt(one))
    .sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at))[0] ?? null;

/** Where I am as far as Sett knows. */
export const whereIAm = (state) => myVisit(state) ?? joinedVisit(state);

/** What the alert is about: {entry, visit}, either may be missing. */
function subject(state, alert) {
  const entry = state.entries.get(alert.subject_id) ?? state.entries.get(alert.id);
  return { entry, visit: state.visits?.get(entry?.body.visit_id ?? alert.subject_id) };
}

/** Whose safety it is. */
export function whose(state, alert) {
  const { entry, visit } = subject(state, alert);
  return alert.staff_id ?? visit?.staff_id ?? entry?.author_id ?? null;
}

export const isMine = (state, alert) => isSafety(alert) && whose(state, alert) === state.me?.id;

/** What I have asked for and nobody has ended yet, or null. */
export const myHelp = (state) =>
  [...state.alerts.values()].find(
    (alert) => alert.kind === "staff_help" && isMine(state, alert) && !alert.pending_end,
  ) ?? null;

export const nameOf = (state, id) => state.staff.get(id)?.name ?? t("En kollega");

export function safetyTitle(state, alert) {
  const mine = isMine(state, alert);
  if (alert.kind === "staff_help")
    return mine ? t("Du har bedt om hjelp") : t("{name} ber om hjelp", { name: nameOf(state, whose(state, alert)) });
  return mine
    ? t("Er alt bra?")
    : t("{name} har ikke meldt seg etter et besøk", { name: nameOf(state, whose(state, alert)) });
}

/** The client of the visit, or null: whose door to go to. */
export function placeOf(state, alert) {
  const { entry, visit } = subject(state, alert);
  return {
    client: state.clients.get(visit?.client_id ?? alert.client_id ?? entry?.client_id) ?? null,
    label: entry?.body.place_label ?? "",
  };
}

/** "Hos Kari Lund, Storgata 3. Skulle vært ferdig 13.30." */
export function safetyStory(state, alert) {
  const { visit } = subject(state, alert);
  const { client, label } = placeOf(state, alert);
  const place = [client && t("hos {name}", { name: [client.name, client.address].filter(Boolean).join(", ") }), label]
    .filter(Boolean)
    .join(", ");
  return [
    place ? sentences(place) : t("Stedet er ikke oppgitt."),
    visit && t("Gikk inn {when}.", { when: when(Date.parse(visit.started_at), state.nowMs) }),
    visit &&
      alert.kind === "staff_overdue" &&
      t("Skulle vært ferdig {when}.", { when: when(Date.parse(visit.expected_end_at), state.nowMs) }),
    alert.kind === "staff_help" &&
      alert.opened_at &&
      t("Meldt {when}.", { when: when(Date.parse(alert.opened_at), state.nowMs) }),
  ]
    .filter(Boolean)
    .join(" ");
}

/** The visit an overdue alert is about. */
export const visitOf = (state, alert) => subject(state, alert).visit ?? null;

/** What the one tap out of a visit saves (see parts.js); then the visit can be logged. */
export const ending = (state, visit, go) => ({
  ...endOfVisit(visit),
  go,
  final: true,
  said: visit.staff_id === state.me?.id ? t("Ferdig på besøk") : t("Besøket er avsluttet"),
  ...(visit.client_id && visit.staff_id === state.me?.id
    ? { href: visitLink({ id: visit.client_id }), words: t("Før besøket") }
    : {}),
});

/** "Hos Kari til ca. 13.30", and past it "Hos Kari. Skulle vært ferdig 13.30." */
export function visitWords(state, visit) {
  const name = state.clients.get(visit.client_id)?.name ?? t("en bruker");
  const end = Date.parse(visit.expected_end_at);
  return end > state.nowMs
    ? t("Hos {name} til ca. {clock}", { name, clock: clock(end) })
    : t("Hos {name}. Skulle vært ferdig {clock}.", { name, clock: clock(end) });
}

export const extendLink = (visit) =>
  `/felt/ny?type=visit_extended${visit?.client_id ? `&client=${visit.client_id}` : ""}`;

/** The entries that end whatever visit of mine runs, before a new one begins. */
export const endings = (state) =>
  [...(state.visits?.values() ?? [])].filter((one) => one.staff_id === state.me?.id && !one.ended_at).map(endOfVisit);
