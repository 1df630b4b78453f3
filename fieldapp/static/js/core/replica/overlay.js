// @ts-check
/** The replica's maps with changes on top: a map is copied the first time something in it changes. */

/** @typedef {ReturnType<typeof overlayOn>} Overlay */

/** @param {Map<string, Map<string, any>>} tables kind → id → data; never changed from here */
export function overlayOn(tables) {
  /** @type {Map<string, Map<string, any>>} */
  const copies = new Map();
  const table = (/** @type {string} */ kind) => copies.get(kind) ?? tables.get(kind) ?? new Map();
  const own = (/** @type {string} */ kind) => {
    if (!copies.has(kind)) copies.set(kind, new Map(table(kind)));
    return /** @type {Map<string, any>} */ (copies.get(kind));
  };
  return {
    table,
    /** @param {string} kind @param {string|null|undefined} id */
    get: (kind, id) => (id ? table(kind).get(id) : undefined),
    /** @param {string} kind @param {string} id @param {any} data */
    put(kind, id, data) {
      own(kind).set(id, data);
    },
    /** Change what is there; nothing happens when it is not. @param {string} kind @param {string|null|undefined} id @param {any} fields */
    patch(kind, id, fields) {
      const before = id ? table(kind).get(id) : undefined;
      if (before && id) own(kind).set(id, { ...before, ...fields });
    },
    /** @param {string} kind @param {string} id */
    remove(kind, id) {
      own(kind).delete(id);
    },
  };
}
