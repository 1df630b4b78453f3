/** Owns one way of saving: into the outbox, a toast with Angre, and plain words when the phone could not. */
import { makeEntry, undoOf } from "../core/envelope.js";
import { mend, saveTogether } from "../core/outbox.js";
import { N, t } from "../texts/t.js";

const WRONG = {
  too_long: N("Teksten er for lang til å lagres. Del den i to."),
  storage_full: N("Telefonen er full, så ingenting ble lagret. Slett noe og prøv igjen."),
  storage_failed: N("Telefonen fikk ikke lagret. Prøv en gang til."),
  update_needed: N("Sett er oppdatert i et annet vindu. Last siden på nytt."),
  no_author: N("Logg inn før du lagrer."),
};

/** The sentence for a save that failed; nothing was saved, and a draft is still there. */
export const wrongWords = (error) => t(WRONG[error?.code] ?? "Det ble ikke lagret. Prøv en gang til.");

/** Save entries in order and together; resolves when they are on disk. Returns them, or null with a toast that says why not. */
export async function saveAll(app, entries, { said, sub = t("Lagret på telefonen"), draftKey, mends } = {}) {
  try {
    if (mends) await mend(mends, entries.at(-1), { draftKey });
    else await saveTogether(entries, { draftKey });
  } catch (error) {
    console.error("save failed", error);
    app.toast({ text: wrongWords(error) });
    return null;
  }
  if (said) app.toast({ text: said, sub, undo: entries.map((entry) => entry.id).join(" ") });
  return entries;
}

/** A save that is one tap. With no client the entry goes to my first team, as the contract requires one. */
export function entryOf(app, { type, body, client, case: caseId, team }) {
  const teamId = team ?? (client || type.startsWith("alert_") ? null : app.state.me.teams[0]?.id);
  return makeEntry(type, body, { clientId: client ?? null, caseId: caseId ?? null, teamId });
}

/** Take back one or more of my own entries, newest first. */
export async function undoAll(app, ids) {
  const entries = ids.map((id) => app.state.entries.get(id)).filter(Boolean).reverse();
  return saveAll(app, entries.map(undoOf), {}).then((done) => done && app.toast({ text: t("Angret") }));
}
