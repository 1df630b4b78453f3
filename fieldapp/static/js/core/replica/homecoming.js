// @ts-check
/** Coming home from an absence: a step home now, and what is missing for it (sync/vectors/homecoming.json). Pure. */
import { toMs } from "../time.js";
import { DISCHARGED_FROM } from "./watch.js";

const HOUR = 3_600_000;
const NEAR = 72 * HOUR;
const FIRST_DAY = 24 * HOUR;
/** A homecoming of which only the day is known is reckoned at noon. */
const SAME_MORNING = 12 * HOUR;

/** Until when somebody who is away is at home now, in a step of it; null when not. @param {any} absence @param {number} nowMs */
export function homeNowUntilMs({ steps }, nowMs) {
  const ends = (steps ?? [])
    .filter((/** @type {any} */ step) => toMs(step.from_at) <= nowMs && nowMs < toMs(step.to_at))
    .map((/** @type {any} */ step) => toMs(step.to_at));
  return ends.length ? Math.max(...ends) : null;
}

/**
 * What is missing for coming home: a home as soon as a discharge is planned, a visit from three days before until
 * somebody has seen them; of an absence that has ended both for its first day.
 * @param {any} absence @param {string[]} visitsAt the client's planned visits @param {string | null | undefined} seenAt @param {number} nowMs
 * @returns {("no_home" | "home_unsure" | "no_visit")[]}
 */
export function missingForHome(
  { kind, ended_at: ended, expected_end_at: expected, discharge },
  visitsAt,
  seenAt,
  nowMs,
) {
  const homeMs = toMs(ended ?? expected);
  if (!DISCHARGED_FROM.has(kind) || (ended && nowMs >= homeMs + FIRST_DAY)) return [];
  const isNear = homeMs - NEAR <= nowMs && nowMs < homeMs + FIRST_DAY;
  const { home } = discharge ?? {};
  const isBooked = visitsAt.some((at) => homeMs - SAME_MORNING <= toMs(at) && toMs(at) <= homeMs + FIRST_DAY);
  const wantsVisit = isNear && !(toMs(seenAt) >= homeMs) && !isBooked;
  return [
    ...(home === "no" ? [/** @type {const} */ ("no_home")] : []),
    ...(home === "unsure" && isNear ? [/** @type {const} */ ("home_unsure")] : []),
    ...(wantsVisit ? [/** @type {const} */ ("no_visit")] : []),
  ];
}
