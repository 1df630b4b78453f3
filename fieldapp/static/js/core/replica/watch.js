// @ts-check
/**
 * When a client's clock runs out, by the server's rules (sync/vectors/due.json); pure, milliseconds since 1970.
 * Shifts are the server's to say: their ends are wall time by the team's own list, so per shift the moment is left open.
 */
import { noonInOslo, toMs } from "../time.js";

/** @typedef {{id: string, kind: string, startMs: number, endsMs: number | null}} Span */
/** @typedef {{dueMs: number | null, pausedBy: string | null, tightenedUntilMs: number | null}} Due */

const MINUTE = 60_000;
const DAY = 86_400_000;
const CONFIRMED = new Set(["admitted", "treatment", "detox", "prison", "travel"]);
/** The days after these are the most dangerous ones: the interval is halved where that is agreed. */
const TIGHTENED_AFTER = new Set(["admitted", "treatment", "detox", "prison"]);
const TIGHTENED_TO = 2;

/** The absences of one client as the rules want them: each with the earlier of its end and its expected end. @param {any[]} absences @returns {Span[]} */
export function spansOf(absences) {
  return absences.map(
    ({ id, kind, started_at: started, ended_at: ended, expected_end_at: at, expected_end_on: on }) => {
      const ends = [toMs(ended), at ? toMs(at) : on ? noonInOslo(on) : NaN].filter((ms) => !Number.isNaN(ms));
      return { id, kind, startMs: toMs(started), endsMs: ends.length ? Math.min(...ends) : null };
    },
  );
}

/** `unknown` never pauses: that is a missing person, not an absence. @param {string} kind @param {any} watch */
export const pauses = (kind, watch) =>
  CONFIRMED.has(kind) || (kind === "with_others" && Boolean(watch?.pause_with_others));

/** The end of the tighter days after the last homecoming, over or not. @param {any} watch @param {Span[]} spans */
function tightenedUntil(watch, spans) {
  const home = spans
    .filter((one) => TIGHTENED_AFTER.has(one.kind) && one.endsMs !== null)
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
  const [first] = pausing
    .filter((one) => one.endsMs === null)
    .sort((a, b) => a.startMs - b.startMs || a.id.localeCompare(b.id));
  if (first) return still(first.id);
  const [running] = pausing
    .filter((one) => /** @type {number} */ (one.endsMs) > nowMs)
    .sort((a, b) => /** @type {number} */ (b.endsMs) - /** @type {number} */ (a.endsMs));
  return {
    dueMs: runsOut(watch, baseOf(client, pausing), until),
    pausedBy: running?.id ?? null,
    tightenedUntilMs: until,
  };
}

/** @param {any} watch @param {number | null} baseMs @param {number | null} untilMs */
function runsOut(watch, baseMs, untilMs) {
  if (watch.mode !== "interval" || baseMs === null) return null;
  const interval = (watch.interval_minutes ?? 1440) * MINUTE;
  const dueMs = baseMs + (untilMs !== null && baseMs < untilMs ? interval / TIGHTENED_TO : interval);
  const check = watch.next_check;
  return check && dueMs <= toMs(check.at) ? toMs(check.next_check_at) : dueMs;
}
