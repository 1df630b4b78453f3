// @ts-check
/** Whose what is written on a locked phone is: the last person who used it, for 14 hours. Pure. */

const LOCKED_MS = 14 * 3_600_000;
const SLACK_MS = 60_000;

/** @param {{id: string, at: number} | null | undefined} last @param {number} [now] @returns {string | null} */
export const lastUser = (last, now = Date.now()) =>
  last && now >= last.at - SLACK_MS && now - last.at <= LOCKED_MS ? last.id : null;
