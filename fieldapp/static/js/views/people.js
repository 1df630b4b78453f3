/** Owns the questions the screens ask about clients and entries in the State. Pure, no templates. */
import { ENTRY_TYPES } from "../core/entry_types.js";
import { correctedMs } from "../core/replica/clock.js";
import { contactMs, degreeOf, said, tellsOfDeath } from "../core/replica/contact.js";
import { homeNowUntilMs, missingForHome } from "../core/replica/homecoming.js";
import { dayInOslo } from "../core/time.js";
import { t } from "../texts/t.js";

const TEN_MINUTES = 600_000;

/** When it happened, in milliseconds. */
export const occurred = correctedMs;

// «Var sett, ikke ført» ends an alert and is a contact; the rest about alerts is not about the person.
const timelineOf = (entry) => ENTRY_TYPES[entry.type]?.timeline ?? "client";
const isHistory = (entry) => timelineOf(entry) === "client" || degreeOf(entry) !== "none";

export { said };

/** Not taken back, here or on the server. */
export const isStanding = (state, entry) => !entry.struck_by && !state.retracted.has(entry.id);

/** A client's entries for the eye: newest first, those taken back left out. */
export const history = (state, clientId) =>
  state.entriesOf(clientId).filter((entry) => isHistory(entry) && isStanding(state, entry));

// A half year's duties are set in one go in the office, and undone there.
const fromTheOffice = (entry) => entry.type.startsWith("duty_") && entry.device_seq === null;

/** My own saves of the last ten minutes, newest first: what can still be undone. */
export function mineLately(state) {
  const since = state.nowMs - TEN_MINUTES;
  return [...state.entries.values()]
    .filter(
      (entry) =>
        entry.author_id === state.me?.id &&
        savedAt(entry) >= since &&
        (isHistory(entry) || timelineOf(entry) === "own") &&
        !fromTheOffice(entry) &&
        isStanding(state, entry),
    )
    .sort((a, b) => savedAt(b) - savedAt(a));
}

/** When the entry was made: the first 48 bits of a UUIDv7 are its maker's clock, which is corrected as any other time. */
export const savedAt = (entry) =>
  Number.parseInt(entry.id.replaceAll("-", "").slice(0, 12), 16) + (entry.clock_offset_ms ?? 0);

const CONTACT = new Set(["seen", "heard", "reported"]);

/** The newest contact with the person by when it was, or null: an entry. */
export function lastContact(state, clientId) {
  const contacts = history(state, clientId).filter((entry) => CONTACT.has(degreeOf(entry)));
  return contacts.reduce((newest, entry) => (!newest || contactMs(entry) > contactMs(newest) ? entry : newest), null);
}

/** The last bomtur after the last contact, or null: "ikke truffet 11.20". */
export function lastAttempt(state, clientId) {
  const attempt = history(state, clientId).find((entry) => degreeOf(entry) === "attempt");
  const contact = attempt && lastContact(state, clientId);
  return attempt && (!contact || occurred(attempt) > contactMs(contact)) ? attempt : null;
}

export const alertsOf = (state, clientId) =>
  [...state.alerts.values()].filter((alert) => alert.client_id === clientId && alert.state !== "resolved");

export const casesOf = (state, clientId) =>
  [...state.cases.values()].filter((one) => one.client_id === clientId && isOpen(one));

const CLOSED = new Set(["resolved", "evicted", "handled", "closed"]);
export const isOpen = (one) => !CLOSED.has(one.status ?? "open") && !one.closed_at;

/** The absence running now, or null. */
export const absenceOf = (state, clientId) =>
  [...(state.absences?.values() ?? [])].find((one) => one.client_id === clientId && !one.ended_at) ?? null;

/** The same, less whoever is at home now in a step of it. */
export function awayNow(state, clientId) {
  const absence = absenceOf(state, clientId);
  return absence && homeNowUntilMs(absence, state.nowMs) === null ? absence : null;
}

/** Does anything hold the clock now. The phone knows by itself that a step home has begun. */
export function isPaused(state, { watch }) {
  const absence = state.absences?.get(watch?.paused_by);
  return Boolean(watch?.paused_by) && !(absence && homeNowUntilMs(absence, state.nowMs) !== null);
}

/** What is missing for coming home, by code: of the absence that runs, or of the one that has just ended. */
export function missingForHomeOf(state, client) {
  const visits = thingsOf(state, "planned", client.id).map((one) => one.at);
  const missing = [...(state.absences?.values() ?? [])]
    .filter((one) => one.client_id === client.id && !isEnded(client))
    .flatMap((one) => missingForHome(one, visits, client.watch?.last_seen_at, state.nowMs));
  return [...new Set(missing)];
}

/** The day somebody died, "2026-11-23": from the server, else from the entry that says so; null when neither is here. */
export function deathDay(state, client) {
  if (client.died_on) return client.died_on;
  const told = history(state, client.id).find(tellsOfDeath);
  return told ? (said(told).on ?? dayInOslo(occurred(told))) : null;
}

export const isEnded = (client) => Boolean(client.ended_at || client.deceased);

export const isWatched = (client) => Boolean(client.watch && client.watch.mode !== "off");

export const clientName = (state, id) => (id ? (state.clients.get(id)?.name ?? t("Ukjent bruker")) : t("Uten navn"));

/** The staff who work in any of the teams, by name. */
export function staffOf(state, teamIds) {
  const teams = new Set(teamIds);
  return [...state.staff.values()]
    .filter((one) => !one.ended_at && (one.team_ids ?? []).some((team) => teams.has(team)))
    .sort((a, b) => a.name.localeCompare(b.name, "nb"));
}

/** The staff on duty now in a team, or those who are backup. */
const listedNow = (state, teamId, duty) =>
  (state.duty ?? [])
    .filter(
      (one) =>
        one.team_id === teamId &&
        one.duty === duty &&
        Date.parse(one.from_at) <= state.nowMs &&
        state.nowMs < Date.parse(one.to_at),
    )
    .map((one) => state.staff.get(one.staff_id))
    .filter((one) => one?.team_ids?.includes(teamId)); // who has left the team is on no list

/** Names on duty now in a team (backup left out). */
export const onDuty = (state, teamId) => listedNow(state, teamId, "duty").map((one) => one.name);

/** Whom to ring when nothing can be sent: {duty, others}, the second when nobody else is on duty. Never oneself. */
export function toRing(state, teamId) {
  const butMe = (people) => [...new Set(people)].filter((one) => one.id !== state.me?.id);
  const duty = butMe(listedNow(state, teamId, "duty"));
  const leaders = staffOf(state, [teamId]).filter((one) => one.role === "leader");
  return { duty, others: duty.length ? [] : butMe([...listedNow(state, teamId, "backup"), ...leaders]) };
}

/** Mine, or the leader's to correct; one that is taken back or waits for an answer of the server is not corrected here. */
export const mayCorrect = (state, entry) =>
  entry.type !== "entry_corrected" &&
  entry.local !== "held" &&
  !entry.struck_by &&
  !state.retracted.has(entry.id) &&
  (entry.author_id === state.me.id || state.me.role === "leader");

/**
 * Does this erfaringskonsulent work oppsøkende, with a start page of their own: in teams for outreach alone, and on no
 * duty list, where a leader puts who is a full member of the team (domain/escalation.py).
 */
export const worksOnTheStreet = ({ me, duty = [], nowMs }) =>
  me?.role === "peer" &&
  me.teams.length > 0 &&
  me.teams.every((team) => team.kind === "outreach") &&
  !duty.some((one) => one.staff_id === me.id && Date.parse(one.to_at) > nowMs);

/** May I set this client's watch: the leader, or the client's primary contact. */
export const maySetWatch = (state, client) => state.me?.role === "leader" || client.primary_staff_id === state.me?.id;

/** The most likely place of a one-tap Sett: at home where staff live beside the client, else not said. */
export function usualPlace(state, client) {
  const atHome = (client?.team_ids ?? []).some((id) =>
    ["staffed_housing", "night"].includes(state.teams.get(id)?.kind),
  );
  return atHome ? "home" : "other";
}

/** What stands of one kind, "risks" or "plans" or …, and is about this client. @param {any} state @param {string} things @param {string} clientId */
export const thingsOf = (state, things, clientId) =>
  [...(state[things]?.values() ?? [])].filter((one) => one.client_id === clientId);
