/** Which clients this person opened last on this phone, newest first; kept as drafts are: theirs alone, and not sent. */
import { getDraft, putDraft } from "../core/drafts.js";

const KEY = "recent:clients";
const KEPT = 8;

/** Ids, newest first. @returns {Promise<string[]>} */
export const recentClients = async () => (await getDraft(KEY).catch(() => null)) ?? [];

/** @param {string} clientId */
export async function noteOpened(clientId) {
  const before = await recentClients();
  if (before[0] === clientId) return;
  await putDraft(KEY, [clientId, ...before.filter((id) => id !== clientId)].slice(0, KEPT)).catch((error) =>
    console.error("not noted", error),
  );
}
