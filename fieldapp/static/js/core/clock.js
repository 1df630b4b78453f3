// @ts-check
/**
 * When an entry happened, as the server will judge it: corrected by the phone's offset, never later than received.
 * Pure; milliseconds since 1970.
 */
import { toMs } from './time.js';

/** Corrected time: a time chosen by hand is meant as it stands. @param {any} entry */
export function correctedMs(entry) {
  if (entry.corrected_at) return toMs(entry.corrected_at);
  return toMs(entry.occurred_at) + (entry.time_chosen ? 0 : entry.clock_offset_ms ?? 0);
}

/** Clock time of an entry that is still on the phone. @param {any} entry @param {number} nowMs server-corrected */
export const clockMs = (entry, nowMs) => Math.min(correctedMs(entry), nowMs);
