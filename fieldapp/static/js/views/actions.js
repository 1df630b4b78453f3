/**
 * Owns what the buttons of the screens do: which form a link opens and about what, and what one tap writes. The screens
 * say where a button stands and what it is called. What only one page does stands there, or I dag would load it. Pure.
 */
import { t } from "../texts/t.js";
import { usualPlace } from "./people.js";

/** What a one-tap button saves, read by ui/tap.js: {type, body, client, case, team, said, go, also, final, href, words}. */
export const tap = (spec) => JSON.stringify(spec);
export const logLink = (type, ids = {}) => `/felt/ny?${new URLSearchParams({ type, ...ids })}`;

const ofClient = (type) => (client) => logLink(type, { client: client.id });
const ofAlert = (type) => (alert, more) => logLink(type, { alert: alert.id, ...more });

// --- forms -----------------------------------------------------------------------------------------------------

export const newClientLink = () => logLink("client_registered");
export const visitLink = ofClient("visit_logged");
export const planVisitLink = ofClient("visit_planned");
export const goVisitLink = ofClient("visit_started");
export const concernLink = ofClient("concern_raised");
export const watchLink = ofClient("watch_set");
export const enteredLink = (client, more) => logLink("home_entered", { client: client.id, ...more });
/** @param {{client: string, absence: string}} about */
export const backLink = (about) => logLink("absence_ended", about);
/** @param {{client: string, absence: string}} about */
export const stillAwayLink = (about) => logLink("absence_confirmed", about);
export const correctLink = (entry) => logLink("entry_corrected", { entry: entry.id });
export const closeCrisisLink = (one) => logLink("crisis_closed", { case: one.id });
export const offerDutyLink = (duty) => logLink("duty_handed_over", { duty: duty.id });
export const handOnLink = ofAlert("alert_handed_over");
/** Whom a case, or an entry, of somebody nobody knew was about. */
export const subjectOfCaseLink = (one) => logLink("pick", { for: "subject_of_case", case: one.id });
export const subjectOfEntryLink = (entry) => logLink("pick", { for: "subject_of_entry", entry: entry.id });
export const snoozeLink = ofAlert("alert_snoozed");
export const endAlertLink = ofAlert("alert_resolved");
export const wasSeenLink = (alert) => endAlertLink(alert, { outcome: "was_seen" });

/** About what stands: a newer version, a review, an ending. @param {string} type @returns {(thing: {id: string, client_id?: string | null}) => string} */
const thingLink = (type) => (thing) =>
  logLink(type, { ...(thing.client_id ? { client: thing.client_id } : {}), thing: thing.id });
export const reviewRiskLink = thingLink("risk_reviewed");
export const personLink = thingLink("contact_person_noted");
export const decisionLink = thingLink("decision_recorded");
export const endDecisionLink = thingLink("decision_ended");
export const taskLink = thingLink("task_set");
export const movePlannedLink = thingLink("visit_planned");
export const endPlannedLink = thingLink("visit_plan_ended");
/** @param {string} kind @param {any} client @param {any} [plan] the one that stands */
export const planLink = (kind, client, plan) =>
  logLink("plan_noted", { client: client.id, kind, ...(plan ? { thing: plan.id } : {}) });

// --- from a locked phone ---------------------------------------------------------------------------------------

/** What each door of a locked phone sends before anybody has said who, where or why. */
export const AT_ONCE = {
  crisis: ["crisis_opened", { kind: "other" }],
  concern: ["concern_raised", { urgency: "now" }],
  help: ["help_requested", {}],
};

// --- one tap ---------------------------------------------------------------------------------------------------

/** What one tap knows: that the person was seen. The place is the usual one and was not chosen. */
export const seenAt = (place, client) => ({
  type: "visit_logged",
  body: { outcome: "seen", place, quick: true },
  client: client.id,
});

export const settTap = (state, client, go) =>
  tap({ ...seenAt(usualPlace(state, client), client), said: t("Sett: {name}", { name: client.name }), go });

/** A no at the door: heard, and with a watch agreement the right to enter is over too. */
export const declinedAtDoor = (client, watched) => [
  { type: "visit_logged", body: { outcome: "declined", place: "home", contact: "heard" }, client },
  ...(watched ? [{ type: "agreement_withdrawn", body: { kind: "watch", how: "at_door" }, client }] : []),
];

export const endOfAbsence = (client, absence) => ({
  type: "absence_ended",
  body: { absence_id: absence.id },
  client: client.id,
});

export const endOfVisit = (visit) => ({
  type: "visit_ended",
  body: { visit_id: visit.id },
  client: visit.client_id,
  team: visit.client_id ? null : visit.team_id,
});

export const ackTap = (alert) =>
  tap({
    type: "alert_acknowledged",
    body: { alert_id: alert.id },
    client: alert.client_id,
    team: alert.team_id,
    said: t("Du har tatt varselet"),
  });

/** Somebody who asked for help is safe. */
export const safeTap = (alert, reason, said) =>
  tap({
    type: "alert_resolved",
    body: { alert_id: alert.id, outcome: "other", reason },
    client: alert.client_id,
    team: alert.team_id,
    said,
    go: "/felt",
  });

/** The clock starts before anything is asked. */
export const openingOfCrisis = (client, caseId) => ({
  type: "crisis_opened",
  body: { kind: "other" },
  client,
  case: caseId,
});

export const answerToConcern = (entry, client) => ({
  type: "concern_answered",
  body: { entry_id: entry.id },
  client: client.id,
});

export const handOverWatchTap = (client, body, said) =>
  tap({ type: "watch_handed_over", body, client: client.id, said });

export const takeWatchTap = (client, handOver) =>
  tap({
    type: "watch_taken_over",
    body: { handed_over_id: handOver.id },
    client: client.id,
    said: t("Du har tatt over {name}", { name: client.name }),
  });

/** A task is done, or a planned visit was. @param {any} task */
export const taskDoneTap = (task) =>
  tap({
    type: "task_done",
    body: { task_id: task.id, outcome: "done" },
    client: task.client_id,
    team: task.client_id ? null : task.team_id,
    said: t("Gjort: {what}", { what: task.what }),
  });

/** @param {any} note */
export const readTap = (note) =>
  tap({
    type: "handover_read",
    body: { entry_ids: [note.id] },
    client: note.client_id,
    team: note.client_id ? null : note.team_id,
    said: t("Lest"),
  });
