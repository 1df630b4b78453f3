// @ts-check
/** What a page does once when it opens: find out whose session it is, tidy the replica, and begin to send. */
import { ifRoom } from "../db.js";
import { withLock } from "../lock.js";
import { flush } from "./flush.js";
import { confirmSession, me } from "../session.js";
import { forgetOld } from "../history.js";
import { sealWhatIsClear } from "./uncopied.js";
import { sealingKey } from "../sealing_key.js";
import { isOpenFor } from "../vault.js";
import { getValue, setValue } from "../values.js";
import { clockOffset } from "../device.js";

/** The versioned directory these modules came from. @param {string} [from] */
const ownVersion = (from = import.meta.url) => new URL("../../", from).pathname;

/** Was the app another version when it last started here? What was deferred may be judged now. */
async function hasBeenUpdated(version = ownVersion()) {
  const before = await getValue("app_version");
  if (before !== version) await ifRoom(() => setValue("app_version", version));
  return before !== undefined && before !== version;
}

/** @returns {Promise<import("../transport.js").Outcome>} how the first exchange went */
export async function atStart() {
  const reason = (await hasBeenUpdated()) ? "app_updated" : "load";
  await ifRoom(() => withLock("outbox", sealWhatIsClear));
  await confirmSession();
  await ifRoom(sealingKey);
  const outcome = await flush(reason);
  const staff = await me();
  if (staff && isOpenFor(staff.id))
    await ifRoom(async () => forgetOld(staff.id, Date.now() + ((await clockOffset()) ?? 0)));
  return outcome;
}
