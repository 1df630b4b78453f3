// @ts-check
/** Tells the server that this phone has shown a notification; kept and tried again when that does not get through. */
import { read, write } from "../db.js";
import { PHONE } from "../schema.js";
import { send } from "../transport.js";

const SETTLED = new Set(["ok", "refused", "signed_out"]);

/** @param {string} id @returns {Promise<boolean>} whether it is settled */
async function post(id) {
  const outcome = await send("POST", "/api/push/receipts", { notification_id: id }, { keepalive: true });
  return SETTLED.has(outcome.kind);
}

/** @param {string} id of the notification shown */
export async function sendReceipt(id) {
  if (await post(id)) return;
  await write(PHONE, ["receipts"], (tx) => tx.objectStore("receipts").put({ id }));
}

/** Try again what is still owed. The server says when one is of no more use: the phone's clock may be wrong. */
export async function sendOwedReceipts() {
  const owed = await read(PHONE, ["receipts"], (tx) => tx.objectStore("receipts").getAll());
  for (const { id } of owed) {
    if (!(await post(id))) return; // no coverage yet, for none of them
    await write(PHONE, ["receipts"], (tx) => tx.objectStore("receipts").delete(id));
  }
}
