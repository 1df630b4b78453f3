/** Owns what stands where on I dag: which group a client, alert or case belongs to, and that rows stay put. Pure. */
import { contactMs } from "../core/replica/contact.js";
import { checksToday } from "./checks.js";
import { closingRows, handedToUs } from "./hours.js";
import { isSafety } from "./safety.js";
import { absenceOf, awayNow, history, isEnded, isOpen, isPaused, isWatched, lastContact } from "./people.js";
import { daysAway } from "./words.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SOON = 16 * HOUR;
const ON_FIRE = new Set(["not_seen", "concern", "crisis", "staff_help", "staff_overdue", "drill"]);
const GROUPS = ["fire", "checks", "handed", "closing", "soon", "asks", "reviews", "cases", "planned", "rest"];
const FIRST = ["staff_help", "crisis", "concern", "staff_overdue", "not_seen", "drill"];

/** {fire, checks, handed, closing, soon, asks, reviews, cases, planned, rest}: lists of {key, …}; `key` names the row for keepStill. */
export function arrange(state) {
  const fire = onFire(state);
  // A colleague in need at a client's is not the client being looked after: only the client's own alerts take them off the list.
  const burning = new Set(
    fire
      .filter((row) => !row.alert || !isSafety(row.alert))
      .map((row) => row.client?.id)
      .filter(Boolean),
  );
  const open = [...state.clients.values()].filter((client) => !isEnded(client) && !burning.has(client.id));
  const beside = besideTheClock(state);
  const closing = closingRows(state).filter((row) => !burning.has(row.client.id));
  const left = new Set(closing.map((row) => row.client.id));
  const soon = dueSoon(
    state,
    open.filter((client) => !left.has(client.id)),
  );
  const asks = absencesToAskAbout(state);
  const reviews = reviewsDue(state);
  const cases = dueCases(state);
  const taken = new Set(
    [...beside.checks, ...beside.handed, ...closing, ...soon, ...asks, ...cases].map((row) => row.client?.id),
  );
  const planned = plannedContacts(
    state,
    open.filter((client) => !taken.has(client.id)),
  );
  for (const row of planned) taken.add(row.client.id);
  const rest = open
    .filter((client) => !taken.has(client.id))
    .sort(byMine(state))
    .map((client) => ({ key: `r:${client.id}`, client }));
  return { fire, ...beside, closing, soon, asks, reviews, cases, planned, rest };
}

/** A landlord and a peer are not asked to look after others' concerns. */
function besideTheClock(state) {
  if (!["fieldworker", "leader"].includes(state.me?.role)) return { checks: [], handed: [] };
  return { checks: checksToday(state), handed: handedToUs(state) };
}

const isOver = (client) => Boolean(client && isEnded(client));

function absencesToAskAbout(state) {
  return [...state.alerts.values()]
    .filter(
      (alert) => alert.kind === "absence_overdue" && !alert.pending_end && !isOver(state.clients.get(alert.client_id)),
    )
    .map((alert) => ({
      key: `q:${alert.id}`,
      alert,
      client: state.clients.get(alert.client_id),
      absence: state.absences.get(alert.subject_id) ?? absenceOf(state, alert.client_id),
    }));
}

/** Agreements whose day to be looked at again has come, the oldest first: for those who may change them. */
function reviewsDue(state) {
  return [...state.clients.values()]
    .filter((client) => !isEnded(client) && isWatched(client) && client.watch.review_on && isMyReview(state, client))
    .sort((a, b) => a.watch.review_on.localeCompare(b.watch.review_on))
    .map((client) => ({ key: `v:${client.id}`, client }));
}

/** The primary contact's from the day itself; the leader's where there is none, or when a weekday has passed untouched. */
function isMyReview(state, { primary_staff_id: primary, watch }) {
  const day = new Date(`${watch.review_on}T12:00:00Z`);
  const ago = -daysAway(day.getTime(), state.nowMs);
  if (primary === state.me?.id || ago < 0) return ago >= 0;
  const toNextWeekday = { 5: 3, 6: 2 }[day.getUTCDay()] ?? 1;
  return state.me?.role === "leader" && (!primary || ago > toNextWeekday);
}

function onFire(state) {
  /** @type {any[]} */
  const rows = [...state.alerts.values()]
    .filter((alert) => ON_FIRE.has(alert.kind) && alert.state !== "resolved")
    .map((alert) => ({ key: `a:${alert.id}`, alert, client: state.clients.get(alert.client_id) }));
  const alerted = new Set(rows.map((row) => row.alert.case_id));
  const crisisClients = new Set(rows.filter((row) => row.alert.kind === "crisis").map((row) => row.alert.client_id));
  for (const one of state.cases.values()) {
    if (one.kind !== "crisis" || !isOpen(one) || alerted.has(one.id) || crisisClients.has(one.client_id)) continue;
    if (state.clients.get(one.client_id)?.deceased) continue; // what is left to write of it stands on the card
    rows.push({ key: `c:${one.id}`, crisis: one, client: state.clients.get(one.client_id) });
  }
  return rows.sort((a, b) => urgency(a) - urgency(b) || opened(a) - opened(b));
}

// Nobody's alert goes before one somebody has taken; a colleague in need and a crisis before anything else of its kind.
// What waits for the team to open comes last.
const urgency = ({ alert }) =>
  (alert?.state === "waiting" ? 20 : alert?.owner || alert?.state === "snoozed" ? 10 : 0) +
  Math.max(0, FIRST.indexOf(alert?.kind ?? "crisis"));
const opened = ({ alert, crisis }) => Date.parse(alert?.opened_at ?? crisis?.opened_at ?? 0);

function dueSoon(state, clients) {
  return clients
    .filter(
      (client) => isWatched(client) && client.watch.due_at && !isPaused(state, client) && !absencePauses(state, client),
    )
    .filter((client) => Date.parse(client.watch.due_at) - state.nowMs < SOON)
    .sort((a, b) => Date.parse(a.watch.due_at) - Date.parse(b.watch.due_at))
    .map((client) => ({ key: `s:${client.id}`, client }));
}

// «Ukjent» is a missing person, not an absence: it never takes anybody off the list.
const absencePauses = (state, client) => {
  const absence = awayNow(state, client.id);
  return Boolean(absence && !["unknown", "with_others"].includes(absence.kind));
};

/** Rent and complaint cases whose next step falls due today or earlier, most overdue first. */
function dueCases(state) {
  const due = deadlines(state);
  return [...state.cases.values()]
    .filter(
      (one) =>
        due.has(one.id) ||
        (nextStepAt(one) !== null &&
          nextStepAt(one) - state.nowMs < DAY / 2 &&
          (one.kind === "crisis" ? isAftermath(one, state.nowMs) : isOpen(one))),
    )
    .sort((a, b) => nextStepAt(a) - nextStepAt(b))
    .map((one) => ({
      key: `k:${one.id}`,
      case: one,
      client: state.clients.get(one.client_id),
      deadline: due.has(one.id),
    }));
}

/** Cases with an alert for their deadline: a line here, never more. */
function deadlines(state) {
  const alerts = [...state.alerts.values()].filter((alert) => alert.kind === "case_deadline");
  return new Set(alerts.map((alert) => caseOf(state, alert)?.id));
}

/** The case an alert is about. */
export const caseOf = (state, alert) =>
  state.cases.get(alert.case_id) ??
  state.cases.get(alert.subject_id) ??
  [...state.cases.values()]
    .filter((one) => one.client_id === alert.client_id && one.deadline_on && isOpen(one))
    .sort((a, b) => a.deadline_on.localeCompare(b.deadline_on))[0];

// After a crisis somebody should see the person or talk together; a week later it is the team's to bring up.
const isAftermath = (one, now) => !isOpen(one) && now - nextStepAt(one) < 7 * DAY;

/** The moment a case's next step is due (a date alone counts as noon), or null. */
export function nextStepAt(one) {
  const on = one.next_step_on ?? one.deadline_on;
  return on ? Date.parse(`${on}T10:00:00Z`) : null;
}

/** My clients whose planned contact has come (agreed, or the interval has run): a leader's too where nobody is primary. */
function plannedContacts(state, clients) {
  return clients
    .filter(
      (client) => client.primary_staff_id === state.me?.id || isMyPromise(state, client) || isTheLeaders(state, client),
    )
    .map((client) => ({ key: `p:${client.id}`, client, at: contactDue(state, client) }))
    .filter((row) => row.at !== null && row.at - state.nowMs < DAY / 2)
    .sort((a, b) => a.at - b.at);
}

const isTheLeaders = (state, client) => state.me?.role === "leader" && !client.primary_staff_id;
const isMyPromise = (state, client) =>
  lastContact(state, client.id)?.author_id === state.me?.id && promised(state, client) !== null;

function promised(state, client) {
  const entry = history(state, client.id).find((one) => one.body?.next_contact_on);
  return entry ? Date.parse(`${entry.body.next_contact_on}T10:00:00Z`) : null;
}

/** When the next planned contact is due: what was agreed last, else last contact + interval; null without a plan. */
export function contactDue(state, client) {
  const last = lastContact(state, client.id);
  const lastAt = last
    ? contactMs(last)
    : Date.parse(client.watch?.last_seen_at ?? client.last_contact_at ?? "") || null;
  const agreed = promised(state, client);
  if (agreed !== null && (lastAt === null || agreed > lastAt)) return agreed;
  if (!client.contact_interval_days) return null;
  return lastAt === null ? state.nowMs : lastAt + client.contact_interval_days * DAY;
}

const byMine = (state) => (a, b) =>
  Number(b.primary_staff_id === state.me?.id) - Number(a.primary_staff_id === state.me?.id) ||
  a.name.localeCompare(b.name, "nb");

/**
 * The rows as they stood, with fresh content, so that nothing moves under a thumb. What left its group stays where it
 * was, marked `settled` when what it asked for is done; what is new waits in `arrivals` until the next time the screen is opened.
 * While the phone is being filled nothing stands still, the last batch included: an alert must not wait behind a first one.
 */
export function keepStill(before, next, state) {
  const stood = before ? GROUPS.flatMap((group) => before[group]) : [];
  const { filling = false } = state.sync;
  if (!stood.length || filling || before.filling) return { ...next, arrivals: [], filling };
  const fresh = new Map(GROUPS.flatMap((group) => next[group]).map((row) => [row.key, row]));
  const still = {};
  for (const group of GROUPS) {
    still[group] = before[group].map((row) => fresh.get(row.key) ?? left(row, group, state)).filter(Boolean);
  }
  const shown = new Set(stood.map((row) => row.key));
  const known = new Set(stood.map((row) => row.client?.id));
  still.arrivals = next.fire
    .concat(next.soon)
    .filter((row) => !shown.has(row.key) && !(known.has(row.client?.id) && !row.alert));
  return still;
}

/** Rows that say «Sett» when they are done with: true only of somebody who has been seen since the row was drawn. */
const BY_SIGHT = new Set(["soon", "closing", "planned", "rest"]);

/** A row that has left its group: what it asked for is done, or it only stands elsewhere now (an alert has come). */
function left(row, group, state) {
  const client = row.client && state.clients.get(row.client.id);
  if (row.client && !client) return null; // access is gone: so is the row
  const seen = Date.parse(client?.watch?.last_seen_at ?? 0) > Date.parse(row.client?.watch?.last_seen_at ?? 0);
  return { ...row, client, settled: row.settled || seen || !BY_SIGHT.has(group) };
}

/** The number on the tab: alerts and overdue, nothing else. */
export function badgeCount(state) {
  const alerts = [...state.alerts.values()].filter(
    (alert) => ON_FIRE.has(alert.kind) && alert.kind !== "drill" && alert.state !== "resolved",
  );
  const alerted = new Set(alerts.map((alert) => alert.client_id));
  const overdue = [...state.clients.values()].filter(
    (client) =>
      !alerted.has(client.id) &&
      !isEnded(client) &&
      isWatched(client) &&
      !isPaused(state, client) &&
      client.watch.due_at &&
      Date.parse(client.watch.due_at) <= state.nowMs,
  );
  return alerts.filter((alert) => alert.state !== "waiting").length + overdue.length;
}
