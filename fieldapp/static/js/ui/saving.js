/** Owns one way of saving: into the outbox, a toast with Angre, and plain words when the phone could not. */
import { ENTRY_TYPES } from "../core/entry_types.js";
import { makeEntry, undoOf } from "../core/send/envelope.js";
import { mend, saveTogether } from "../core/send/outbox.js";
import { N, t } from "../texts/t.js";

const WRONG = {
  too_long: N("Teksten er for lang til å lagres. Del den i to."),
  storage_full: N("Telefonen er full, så ingenting ble lagret. Slett noe og prøv igjen."),
  storage_failed: N("Telefonen fikk ikke lagret. Prøv en gang til."),
  update_needed: N("Sett er oppdatert i et annet vindu. Last siden på nytt."),
  no_author: N("Logg inn før du lagrer."),
  no_key: N("Ikke lagret: telefonen mangler nøkkelen til serveren. Utkastet er her. Prøv igjen når du har dekning."),
};

/** The sentence for a save that failed; nothing was saved, and a draft is still there. */
export const wrongWords = (error) => t(WRONG[error?.code] ?? "Det ble ikke lagret. Prøv en gang til.");

/**
 * Save entries in order and together; resolves when they are on disk. Returns them, or null with a toast that says why not.
 * @param {any} app @param {any[]} entries @param {{said?: string, sub?: string, draftKey?: string, mends?: string}} [how]
 */
export async function saveAll(app, entries, { said, sub = t("Lagret på telefonen"), draftKey, mends } = {}) {
  try {
    if (mends) await mend(mends, entries.at(-1), { draftKey });
    else await saveTogether(entries, { draftKey });
  } catch (error) {
    console.error("save failed", error);
    app.toast({ text: wrongWords(error) });
    return null;
  }
  // A correction is corrected by a new one; the server takes none that points at a correction.
  const undo = entries
    .filter((entry) => entry.type !== "entry_corrected")
    .map((entry) => entry.id)
    .join(" ");
  if (said) app.toast({ text: said, sub, saved: entries.map((entry) => entry.id), undo });
  return entries;
}

/**
 * A save that is one tap. With no client the entry goes to my first team, as the contract requires one.
 * @param {any} app @param {{type: string, body: any, client?: string, case?: string, team?: string}} what
 */
export function entryOf(app, { type, body, client, case: caseId, team }) {
  const teamId = team ?? (client || type.startsWith("alert_") ? null : app.state.me.teams[0]?.id);
  return makeEntry(type, body, { clientId: client ?? null, caseId: caseId ?? null, teamId });
}

/** Take back one or more of my own entries, newest first; a page about what is no longer there gives way to what it was about. */
export async function undoAll(app, ids) {
  const entries = ids
    .map((id) => app.state.entries.get(id))
    .filter(Boolean)
    .reverse();
  const done = await saveAll(app, entries.map(undoOf), {});
  if (!done) return;
  app.toast({ text: t("Angret") });
  const gone = entries.find((entry) => isPageOf(app.screen, entry));
  if (gone) app.go(placeWithout(app.state, gone), { replace: true });
}

/**
 * Does this page stand on the entry: the case or the person it made, or a form about the entry itself.
 * @param {any} screen @param {any} entry
 */
function isPageOf({ name, id, query = {} }, { id: entryId, type, case_id: caseId, client_id: clientId }) {
  if (name === "case") return id === caseId && ENTRY_TYPES[type]?.points_at === "new_case";
  if (name === "client") return id === clientId && type === "client_registered";
  return name === "log" && (query.entry === entryId || (type === "client_registered" && query.client === clientId));
}

const placeWithout = (state, { type, client_id: clientId }) =>
  type === "client_registered" ? "/felt/brukere" : state.clients.has(clientId) ? `/felt/bruker/${clientId}` : "/felt";
