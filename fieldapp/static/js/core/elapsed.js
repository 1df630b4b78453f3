// @ts-check
/**
 * Waiting goes by the time that has passed, never by the phone's clock: a clock set back two hours must not keep the
 * phone silent for two hours. Every wait in the app asks here; tests replace it.
 */
export const elapsed = {
  /** Milliseconds since this page or worker began. It never goes back. */
  now: () => performance.now(),
  /** @param {number} ms @returns {Promise<void>} */
  pause: (ms) =>
    new Promise((done) => {
      setTimeout(done, ms);
    }),
};
