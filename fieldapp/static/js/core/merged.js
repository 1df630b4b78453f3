// @ts-check
/** Clients that are one: whoever asks for the duplicate, by an old link or a draft, gets the one that stands. Pure. */

/** @typedef {(id: string | null | undefined) => any} RecordOf the id of the client in whose record this one stands */

/** Clients by id. A duplicate is no row of its own, and is found all the same. @extends {Map<string, any>} */
class Clients extends Map {
  /** @type {RecordOf} */
  #recordOf = (id) => id;

  /** @param {[string, any][]} rows @param {RecordOf} recordOf */
  static of(rows, recordOf) {
    const clients = new Clients(rows);
    clients.#recordOf = recordOf;
    return clients;
  }

  /** @param {string} id */
  get(id) {
    return super.get(this.#recordOf(id));
  }

  /** @param {string} id */
  has(id) {
    return super.has(this.#recordOf(id));
  }
}

/** @param {any} client */
export const isDuplicate = (client) => Boolean(client?.merged_into);

/** Whose record each client stands in. @param {Map<string, any> | undefined} rows @returns {RecordOf} */
export function recordsIn(rows) {
  return (id) => (id ? (rows?.get(id)?.merged_into ?? id) : id);
}

/** The clients for the screens. @param {Map<string, any>} rows @param {RecordOf} recordOf @returns {Map<string, any>} */
export function withoutDuplicates(rows, recordOf) {
  const standing = [...rows].filter(([, client]) => !isDuplicate(client));
  return standing.length === rows.size ? rows : Clients.of(standing, recordOf);
}
