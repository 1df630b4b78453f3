// @ts-check
/** What happens when a person opens their vault: what an earlier version or the locked phone left for them is taken in. */
import { announce } from "../bus.js";
import { adoptClearReplica } from "../clear_replica.js";
import { StorageError } from "../db.js";
import { adoptClearDrafts } from "../drafts.js";
import { choosePin, unlock } from "../vault/people.js";
import { copyWhatIsRemembered } from "./uncopied.js";

/** @param {string} staffId */
async function takeIn(staffId) {
  for (const step of [adoptClearDrafts, adoptClearReplica, copyWhatIsRemembered])
    await step(staffId).catch((error) => {
      if (!(error instanceof StorageError)) throw error;
      console.error("not taken in", error.code); // it stays where it is until there is room
    });
  announce("vault");
}

/** @param {string} staffId @param {string} pin @returns {Promise<import("../vault/people.js").Answer>} */
export async function enterPin(staffId, pin) {
  const answer = await unlock(staffId, pin);
  if (answer.kind === "open") await takeIn(staffId);
  return answer;
}

/** @param {string} staffId @param {string} pin @returns {Promise<import("../vault/pin.js").Weakness | null>} what is wrong with it */
export async function setPin(staffId, pin) {
  const weakness = await choosePin(staffId, pin);
  if (!weakness) await takeIn(staffId);
  return weakness;
}
