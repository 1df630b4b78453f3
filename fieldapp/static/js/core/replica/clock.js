// @ts-check
/**
 * When an entry happened, as the server will judge it: corrected by the phone's offset, never later than received.
 * Pure; milliseconds since 1970.
 */
import { toMs } from "../time.js";

/** Corrected time: a time chosen by hand is meant as it stands, and so is one given by a correction. @param {any} entry */
export function correctedMs(entry) {
  if (entry.amended_at) return toMs(entry.amended_at);
  if (entry.corrected_at) return toMs(entry.corrected_at);
  return toMs(entry.occurred_at) + (entry.time_chosen ? 0 : (entry.clock_offset_ms ?? 0));
}

/**
 * What clocks and alerts go by: the earliest of corrected time, the time by the sending, and received, so that a wrong
 * phone clock never hides an alert.
 * @param {any} entry @param {number} sentMs by the phone's clock @param {number} receivedMs by the server's
 */
export const clockTimeMs = (entry, sentMs, receivedMs) =>
  Math.min(correctedMs(entry), toMs(entry.occurred_at) + receivedMs - sentMs, receivedMs);

/** Clock time of an entry still on the phone, as if it were sent and received now. @param {any} entry @param {number} nowMs server-corrected */
export const clockMs = (entry, nowMs) => Math.min(correctedMs(entry), nowMs);

/** Is it still on the phone only? (Null: the server has it, and the replica not yet.) @param {any} entry */
export const waits = (entry) => entry.local !== null;
