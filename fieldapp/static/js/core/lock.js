// @ts-check
/** One at a time on this phone: a Web Lock across windows and service worker, or a queue where there is none. */

/** @type {Map<string, Promise<unknown>>} */
const queues = new Map();

/** @template T @param {string} name @param {() => Promise<T>} work @returns {Promise<T>} */
function queued(name, work) {
  const turn = (queues.get(name) ?? Promise.resolve()).then(work, work);
  queues.set(
    name,
    turn.catch(() => {}),
  );
  return turn;
}

/** @template T @param {string} name @param {() => Promise<T>} work @returns {Promise<T>} */
export function withLock(name, work) {
  const locks = globalThis.navigator?.locks;
  return locks ? /** @type {Promise<T>} */ (locks.request(name, work)) : queued(name, work);
}
