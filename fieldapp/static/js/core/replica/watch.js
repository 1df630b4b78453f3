// @ts-check
/**
 * When a client's clock runs out, by the server's rules (sync/vectors/due.json); pure, milliseconds since 1970.
 * Shifts are the server's to say: their ends are wall time by the team's own list, so per shift the moment is left open.
 */
import { noonInOslo, toMs } from "../time.js";

/** @typedef {{fromMs: number, toMs: number}} AtHome a time at home during an absence in which the watch runs */
/** @typedef {{id: string, kind: string, startMs: number, endsMs: number | null, atHome: AtHome[]}} Span */
/** @typedef {{dueMs: number | null, pausedBy: string | null, tightenedUntilMs: number | null}} Due */

const MINUTE = 60_000;
const DAY = 86_400_000;
const CONFIRMED = new Set(["admitted", "treatment", "detox", "prison", "travel"]);
/** The days after these are the most dangerous ones: the interval is halved where that is agreed. */
export const DISCHARGED_FROM = new Set(["admitted", "treatment", "detox", "prison"]);
const TIGHTENED_TO = 2;

/** The absences of one client as the rules want them: each with the earlier of its end and its expected end. @param {any[]} absences @returns {Span[]} */
export function spansOf(absences) {
  return absences.map(
    ({ id, kind, started_at: started, ended_at: ended, expected_end_at: at, expected_end_on: on, steps }) => {
      const ends = [toMs(ended), at ? toMs(at) : on ? noonInOslo(on) : NaN].filter((ms) => !Number.isNaN(ms));
      return {
        id,
        kind,
        startMs: toMs(started),
        endsMs: ends.length ? Math.min(...ends) : null,
        atHome: ended ? [] : watchedTimes(steps ?? []),
      };
    },
  );
}

/** The times at home during which the watch runs, in order: the steps that say on, less those that say off. @param {any[]} steps @returns {AtHome[]} */
export function watchedTimes(steps) {
  const of = (/** @type {string} */ watch) =>
    steps
      .filter((step) => step.watch === watch)
      .map((step) => ({ fromMs: toMs(step.from_at), toMs: toMs(step.to_at) }))
      .sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
  const off = of("off");
  return of("on").flatMap((span) => withoutThose(span, off));
}

/** What is left of a time when others are cut out of it. @param {AtHome} span @param {AtHome[]} off in order @returns {AtHome[]} */
function withoutThose(span, off) {
  const left = [];
  let { fromMs } = span;
  for (const cut of off) {
    if (fromMs < cut.fromMs && cut.fromMs < span.toMs) left.push({ fromMs, toMs: cut.fromMs });
    if (cut.fromMs < span.toMs && cut.toMs > fromMs) fromMs = Math.max(fromMs, cut.toMs);
  }
  return fromMs < span.toMs ? [...left, { fromMs, toMs: span.toMs }] : left;
}

/** `unknown` never pauses: that is a missing person, not an absence. @param {string} kind @param {any} watch */
export const pauses = (kind, watch) =>
  CONFIRMED.has(kind) || (kind === "with_others" && Boolean(watch?.pause_with_others));

/** The end of the tighter days after the last homecoming, over or not. @param {any} watch @param {Span[]} spans */
function tightenedUntil(watch, spans) {
  const home = spans
    .filter((one) => DISCHARGED_FROM.has(one.kind) && one.endsMs !== null)
    .map((one) => /** @type {number} */ (one.endsMs));
  const computed = watch.tighten_days && home.length ? Math.max(...home) + watch.tighten_days * DAY : NaN;
  // An absence of long ago may be gone from the phone; the server has said until when.
  const ends = [computed, watch.tighten_days ? toMs(watch.tightened_until) : NaN].filter((ms) => !Number.isNaN(ms));
  return ends.length ? Math.max(...ends) : null;
}

/**
 * What the clock is counted from: the last contact, the day it was turned on, or the last homecoming, whichever is latest.
 * @param {any} client @param {Span[]} pausing
 */
function baseOf({ watch, registered_at: registered }, pausing) {
  const ends = pausing.map((one) => one.endsMs ?? NaN);
  const from = [toMs(watch.last_seen_at), toMs(watch.since_at), toMs(registered), ...ends].filter(
    (ms) => !Number.isNaN(ms),
  );
  return from.length ? Math.max(...from) : null;
}

/** @param {any} client its card with `watch` @param {Span[]} spans its absences @param {number} nowMs decides only whether a pause is still shown @returns {Due} */
export function dueOf(client, spans, nowMs) {
  const { watch } = client;
  const until = tightenedUntil(watch, spans);
  const still = (/** @type {string | null} */ pausedBy) => ({ dueMs: null, pausedBy, tightenedUntilMs: until });
  if (client.deceased) return still("deceased");
  if (client.ended || client.ended_at || watch.mode === "off") return still(null);
  const pausing = spans.filter((one) => pauses(one.kind, watch));
  const atHome = dueAtHome(client, pausing, nowMs);
  const [first] = pausing
    .filter((one) => one.endsMs === null)
    .sort((a, b) => a.startMs - b.startMs || a.id.localeCompare(b.id));
  if (first) return atHome ? { ...atHome, tightenedUntilMs: until } : still(first.id);
  const dueMs = runsOut(watch, baseOf(client, pausing), until);
  // A step home never puts off a clock that runs out before it.
  if (atHome && (dueMs === null || atHome.dueMs < dueMs)) return { ...atHome, tightenedUntilMs: until };
  const [running] = pausing
    .filter((one) => /** @type {number} */ (one.endsMs) > nowMs)
    .sort((a, b) => /** @type {number} */ (b.endsMs) - /** @type {number} */ (a.endsMs));
  return { dueMs, pausedBy: running?.id ?? null, tightenedUntilMs: until };
}

/** When the client must have been seen during a step home. @param {any} client @param {Span[]} pausing @param {number} nowMs */
function dueAtHome(client, pausing, nowMs) {
  const missed = missedAtHome(client, pausing);
  if (!missed) return null;
  return { dueMs: byHand(client.watch, missed.dueMs), pausedBy: missed.fromMs > nowMs ? missed.id : null };
}

/** @param {any} watch @param {number | null} baseMs @param {number | null} untilMs */
function runsOut(watch, baseMs, untilMs) {
  if (watch.mode !== "interval" || baseMs === null) return null;
  const interval = (watch.interval_minutes ?? 1440) * MINUTE;
  return byHand(watch, baseMs + (untilMs !== null && baseMs < untilMs ? interval / TIGHTENED_TO : interval));
}

/** A clock that had run out when somebody gave the next check by hand runs out then instead. @param {any} watch @param {number} dueMs */
const byHand = ({ next_check: check }, dueMs) => (check && dueMs <= toMs(check.at) ? toMs(check.next_check_at) : dueMs);

/**
 * The first step home in which the clock runs out and that nobody was seen after; null where it does in none: a step
 * too short for the interval asks nothing of anybody.
 * @param {any} client @param {Span[]} pausing @returns {{id: string, fromMs: number, dueMs: number} | null}
 */
function missedAtHome({ watch, registered_at: registered }, pausing) {
  if (watch.mode !== "interval") return null; // by shifts: the server's to say
  const seenMs = toMs(watch.last_seen_at);
  const knownMs = Math.max(...[toMs(watch.since_at), toMs(registered), 0].filter((ms) => !Number.isNaN(ms)));
  const steps = pausing
    .flatMap((absence) => absence.atHome.map((span) => ({ ...span, absence })))
    .sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
  for (const { fromMs, toMs: endMs, absence } of steps) {
    if (endMs <= knownMs || seenMs >= endMs) continue;
    const homeMs = homeAt(fromMs, absence, pausing);
    const baseMs = Math.max(knownMs, homeMs, Number.isNaN(seenMs) ? homeMs : seenMs);
    const dueMs = baseMs + (watch.interval_minutes ?? 1440) * MINUTE;
    if (dueMs < endMs) return { id: absence.id, fromMs: homeMs, dueMs };
  }
  return null;
}

/**
 * When somebody whose step home begins then is at home: once what else holds them has ended. Another absence of the same
 * kind is the same one, told twice.
 * @param {number} fromMs @param {Span} absence @param {Span[]} pausing
 */
const homeAt = (fromMs, absence, pausing) =>
  Math.max(
    fromMs,
    ...pausing
      .filter((one) => one.kind !== absence.kind && !one.atHome.length && one.startMs <= fromMs)
      .map((one) => one.endsMs ?? Number.POSITIVE_INFINITY),
  );
