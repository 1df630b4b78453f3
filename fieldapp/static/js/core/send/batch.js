// @ts-check
/** How much goes up at once: at most 100 entries and 256 KiB, less when the server or the network says so. */
import { jsonBytes } from "./envelope.js";

export const MAX_ENTRIES = 100;
export const MAX_BYTES = 256 * 1024;
const ROOM_FOR_THE_REST = 4 * 1024;

/**
 * The longest beginning of `entries` that fits; always at least one.
 * @param {any[]} entries @param {number} most
 */
export function chooseBatch(entries, most) {
  let bytes = ROOM_FOR_THE_REST;
  let count = 0;
  for (const entry of entries.slice(0, most)) {
    bytes += jsonBytes(entry) + 1;
    if (count > 0 && bytes > MAX_BYTES) break;
    count += 1;
  }
  return entries.slice(0, count);
}

/** The size that works on this network, kept between flushes while this window or worker lives. */
export const batchSize = {
  most: MAX_ENTRIES,
  /** @param {number} tried */
  halve(tried) {
    this.most = Math.max(1, Math.floor(tried / 2));
  },
  grow() {
    this.most = Math.min(MAX_ENTRIES, this.most * 2);
  },
};
