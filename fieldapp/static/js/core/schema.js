// @ts-check
/**
 * What is stored on the phone. `sett` belongs to the phone and survives sign-out: outbox, copies of what was sent,
 * reports of what was opened, drafts, facts about the phone, who has used it, and each one's wrapped key. Each staff member has a replica of their
 * own, which can be dropped and fetched again. What is about clients is sealed: see vault.js and send/sealed.js.
 */

/** @typedef {import("./db.js").Schema} Schema */

/** The kinds the first version had: its step makes these stores, whatever has come since. */
const FIRST_KINDS = [
  "client",
  "entry",
  "case",
  "alert",
  "absence",
  "agreement",
  "risk",
  "plan",
  "task",
  "staff",
  "team",
  "duty",
  "hours",
  "contact_person",
  "board",
  "codes",
];
const SECOND_KINDS = ["hand_over", "visit"];
/** The kinds that lay in a replica in clear, before the vault. */
export const CLEAR_KINDS = [...FIRST_KINDS, ...SECOND_KINDS];

/** Kinds of change the server sends. */
export const KINDS = [...CLEAR_KINDS, "fact", "housing", "decision", "handover", "planned"];

/** No server made this cursor, so it answers `reset` and the phone fetches all anew, once it has coverage. */
const READ_ANEW = "read-anew";

/**
 * What was sent of a kind before the phone had a store for it is behind its cursor, and would never come.
 * @param {any} tx of an upgrade; a database just made has no cursor and reads from the start anyhow
 */
async function readAnew(tx) {
  const meta = tx.objectStore("meta");
  if (await meta.get("cursor")) await meta.put({ key: "cursor", value: READ_ANEW });
}

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
    (db) => db.createObjectStore("copies", { keyPath: "id" }).createIndex("by_author", ["author_id", "device_seq"]),
    (db) => {
      db.createObjectStore("vaults", { keyPath: "id" });
      // Beside `drafts`, which holds what was written in clear before there were vaults, until its author has one.
      db.createObjectStore("sealed_drafts", { keyPath: "id" }).createIndex("by_staff", "staff_id");
    },
    (db) => db.createObjectStore("views", { keyPath: "id" }),
  ],
};

/**
 * One person's replica, sealed: `head` (all but entries, in chunks), `entries` (a chunk a client), `stubs` (what stays
 * for 8 days), `meta` (cursor, when it was synced: nothing about anybody). Names of rows are HMACs.
 * @param {string} staffId @returns {Schema}
 */
export const replicaOf = (staffId) => ({
  name: `sett-vault-${staffId}`,
  steps: [
    (db) => {
      for (const name of ["head", "entries", "stubs", "meta"]) db.createObjectStore(name, { keyPath: "key" });
    },
  ],
});

/** The replica in clear of versions before the vault: read once, then deleted. @param {string} staffId @returns {Schema} */
export function clearReplicaOf(staffId) {
  return {
    name: `sett-replica-${staffId}`,
    steps: [
      (db) => {
        for (const kind of FIRST_KINDS) db.createObjectStore(kind, { keyPath: "id" });
        db.createObjectStore("meta", { keyPath: "key" });
      },
      (db, tx) => {
        for (const kind of SECOND_KINDS) db.createObjectStore(kind, { keyPath: "id" });
        readAnew(tx);
      },
    ],
  };
}
