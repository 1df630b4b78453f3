// @ts-check
/**
 * What is stored on the phone. `sett` belongs to the phone and survives sign-out: outbox, drafts, facts about the
 * phone, who has used it. Each staff member has a replica of their own, which can be dropped and fetched again.
 */

/** @typedef {import("./db.js").Schema} Schema */

/** Kinds of change the server sends; one store each. */
export const KINDS = [
  "client", "entry", "case", "alert", "absence", "agreement", "risk", "plan", "task", "staff", "team", "duty",
  "hours", "contact_person", "board", "codes",
];

/** @type {Schema} */
export const PHONE = {
  name: "sett",
  steps: [
    (db) => {
      const outbox = db.createObjectStore("outbox", { keyPath: "id" });
      outbox.createIndex("by_author", ["author_id", "device_seq"]);
      db.createObjectStore("drafts", { keyPath: "id" });
      db.createObjectStore("values", { keyPath: "key" });
      db.createObjectStore("staff", { keyPath: "id" });
      db.createObjectStore("receipts", { keyPath: "id" });
    },
  ],
};

/** @param {string} staffId @returns {Schema} */
export function replicaOf(staffId) {
  return {
    name: `sett-replica-${staffId}`,
    steps: [
      (db) => {
        for (const kind of KINDS) db.createObjectStore(kind, { keyPath: "id" });
        db.createObjectStore("meta", { keyPath: "key" });
      },
    ],
  };
}
