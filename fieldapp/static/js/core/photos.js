// @ts-check
/**
 * Photos that wait to be sent: sealed to the server from the first moment, apart from entries, which never wait for them,
 * and sent in pieces that go on where the last one ended. They are outbox: no PIN, wipe or ended session takes them away.
 */
import { read, write } from "./db.js";
import { withLock } from "./lock.js";
import { sealFile } from "./sealing.js";
import { sealingKey } from "./sealing_key.js";
import { staffOnPhone } from "./staff.js";
import { send } from "./transport.js";

const PIECE = 64 * 1024;

/** @type {import("./db.js").Schema} */
const PHOTOS = {
  name: "sett-photos",
  steps: [(db) => db.createObjectStore("photos", { keyPath: "id" })],
};

/** @param {Uint8Array<ArrayBuffer>} raw */
async function sha256(raw) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Keep a photo until it has been sent. Throws where this phone has no key to seal to, or no room.
 * @param {string} id @param {string} authorId @param {Uint8Array<ArrayBuffer>} image
 */
export async function keepPhoto(id, authorId, image) {
  const key = await sealingKey();
  if (!key) throw Object.assign(new Error("no_key"), { code: "no_key" });
  const raw = new Uint8Array(await sealFile(key, id, image));
  const row = { id, author_id: authorId, raw, size: raw.length, sha256: await sha256(raw) };
  await write(PHOTOS, ["photos"], (tx) => tx.objectStore("photos").put(row));
}

/** What waits: ids and whose they are, never the photos. @returns {Promise<{id: string, refused?: boolean}[]>} */
export async function waitingPhotos() {
  /** @type {any[]} */
  const rows = await read(PHOTOS, ["photos"], (tx) => tx.objectStore("photos").getAll());
  return rows.map(({ id, refused }) => ({ id, refused }));
}

/** @param {any} row @returns {Promise<{kind: string, code?: string}>} */
async function sendOne(row) {
  const key = (await staffOnPhone(row.author_id))?.delivery_key;
  const headers = /** @type {Record<string, string>} */ (key ? { "X-Deliver-For": `${row.author_id}:${key}` } : {});
  const told = { id: row.id, size: row.size, sha256: row.sha256, type: "application/octet-stream" };
  let outcome = await send("POST", "/api/files", told, { headers });
  let failed = 0;
  while (outcome.kind === "ok" || (outcome.code === "wrong_offset" && failed++ < 3)) {
    const offset = outcome.data?.offset;
    if (!Number.isInteger(offset)) return outcome;
    if (offset >= row.size) return { kind: "done" };
    const piece = row.raw.slice(offset, offset + PIECE);
    outcome = await send("PUT", `/api/files/${row.id}?offset=${offset}`, piece, { headers });
  }
  return outcome;
}

/** Send what waits, one photo after the other; what the net does not take waits on. Resolves with how many were sent. */
export const sendPhotos = () =>
  withLock("photos", async () => {
    let sent = 0;
    for (const { id, refused } of await waitingPhotos()) {
      if (refused) continue;
      const row = await read(PHOTOS, ["photos"], (tx) => tx.objectStore("photos").get(id));
      const { kind, code } = await sendOne(row);
      if (kind === "done") {
        await write(PHOTOS, ["photos"], (tx) => tx.objectStore("photos").delete(id));
        sent += 1;
      } else if (code === "not_an_image") {
        await write(PHOTOS, ["photos"], (tx) => tx.objectStore("photos").put({ ...row, refused: true }));
      } else if (kind === "network" || kind === "timeout") break;
    }
    return sent;
  });
