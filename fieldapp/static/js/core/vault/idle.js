// @ts-check
/** When a phone that nobody touches locks: pure. By the clock and by elapsed time, whichever says more: a phone that slept counts too. */

export const IDLE_MS = 5 * 60_000;
export const HIDDEN_MS = 2 * 60_000;
/** A clock set back this far hides how long it was. */
const BACK_MS = 60_000;

/** @typedef {{wall: number, elapsed: number}} Moment */

/** @param {Moment} from @param {Moment} now */
function passed(from, now) {
  const byWall = now.wall - from.wall;
  return byWall < -BACK_MS ? Infinity : Math.max(byWall, now.elapsed - from.elapsed);
}

/**
 * @param {Moment} now @param {Moment} usedAt the last touch in any window @param {Moment | null} hiddenAt since when this window can't be seen
 */
export const mustLock = (now, usedAt, hiddenAt) =>
  passed(usedAt, now) >= IDLE_MS ||
  (hiddenAt !== null && Math.min(passed(hiddenAt, now), passed(usedAt, now)) >= HIDDEN_MS);
