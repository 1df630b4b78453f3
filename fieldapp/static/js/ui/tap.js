/** One-tap saves: Sett, Jeg tar den, the steps of a crisis, opening one, a no at the door, and Angre. */
import { elapsed } from "../core/elapsed.js";
import { uuid7 } from "../core/ids.js";
import { settleLocked } from "../core/send/locked_entries.js";
import { t } from "../texts/t.js";
import { declinedAtDoor, openingOfCrisis } from "../views/actions.js";
import { on } from "./on.js";
import { entryOf, saveAll, undoAll } from "./saving.js";

// A second tap on the same button within this time is a slip of the thumb, not a second record.
const SLIP_MS = 900;

export function mountTaps(root, app) {
  const last = { what: "", at: -SLIP_MS };
  const once = (what, work) => {
    if (last.what === what && elapsed.now() - last.at < SLIP_MS) return;
    Object.assign(last, { what, at: elapsed.now() });
    work();
  };
  on(root, "click", "[data-tap]", (button) =>
    once(button.dataset.tap, () => oneTap(app, JSON.parse(button.dataset.tap))),
  );
  on(root, "click", "[data-crisis]", (button) =>
    once(`crisis${button.dataset.crisis}`, () => openCrisis(app, button.dataset.crisis)),
  );
  on(root, "click", "[data-no-at-door]", (button) => once("no", () => noAtDoor(app, button.dataset.noAtDoor)));
  on(root, "click", "[data-confirm-locked]", (button) =>
    once(button.dataset.confirmLocked, () => confirmLocked(app, button.dataset)),
  );
  on(root, "click", "[data-undo]", (button) =>
    once(button.dataset.undo, () => undoAll(app, button.dataset.undo.split(" "))),
  );
}

/** That it was they: a correction that changes nothing, from a phone that is open. Taken back, nobody need say so. */
async function confirmLocked(app, { confirmLocked: id, undo }) {
  const confirming = { type: "entry_corrected", body: { entry_id: id, what: "text", reason: t("bekreftet") } };
  const team = app.state.entries.get(id)?.team_id ?? app.state.me.teams[0]?.id;
  const said = undo || (await saveAll(app, [entryOf(app, { ...confirming, team })], { said: t("Bekreftet") }));
  if (said) await settleLocked([id]);
}

async function oneTap(app, spec) {
  const entries = [spec, ...(spec.also ?? [])].map((one) => entryOf(app, one));
  const saved = await saveAll(app, entries, { said: `${spec.said} ${app.clock()}` });
  // What is final is not taken back but begun anew; a link says what comes next.
  if (saved && (spec.final || spec.href))
    app.toast({ ...app.screen.toast, final: spec.final, href: spec.href, words: spec.words });
  if (saved && spec.go) app.go(spec.go);
}

async function openCrisis(app, client) {
  const caseId = uuid7();
  const saved = await saveAll(app, [entryOf(app, openingOfCrisis(client, caseId))], {
    said: t("Krise startet {clock}", { clock: app.clock() }),
  });
  if (saved) app.go(`/felt/sak/${caseId}`, { replace: app.screen.name === "log" });
}

/** Nobody enters, the agreement is over, and it is on record that they heard the person: one tap. */
async function noAtDoor(app, client) {
  const { mode = "off", may_enter: mayEnter } = app.state.clients.get(client)?.watch ?? {};
  // Also where this phone knows of no right to enter: a no must fall before a yes it has not been told of.
  const watched = mode !== "off";
  const entries = declinedAtDoor(client, watched).map((one) => entryOf(app, one));
  const said = mayEnter ? t("Ført: hørt, sa nei. Avtalen om å låse seg inn er slutt.") : t("Ført: hørt, sa nei.");
  await saveAll(app, entries, { said });
}
