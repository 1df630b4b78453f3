/** Owns the tick of «Til journal»: that what stands there is in the journal now. */
import { t } from "../texts/t.js";
import { noted } from "../views/journal.js";
import { on } from "./on.js";
import { entryOf, saveAll } from "./saving.js";

export function mountJournal(root, app) {
  let saving = false;
  on(root, "click", "[data-journal]", async ({ dataset: { journal } }) => {
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById("journal-system"));
    const tick = noted(app.state, journal, input?.value.trim());
    if (saving || !tick.body.entry_ids?.length) return;
    saving = true;
    await saveAll(app, [entryOf(app, tick)], { said: t("Merket som kopiert til journalen") });
    saving = false;
  });
}
