/** Searching, showing all of a long list, taking in new lines, fetching older entries, trying to send again. */
import { flush } from "../core/send/flush.js";
import { fetchOlder } from "../core/history.js";
import { counts } from "../core/send/outbox.js";
import { N, t } from "../texts/t.js";
import { on } from "./on.js";

export function mountLists(root, app) {
  on(root, "input", "[data-search]", (field) => app.set({ search: field.value, allRest: false }));
  on(root, "click", '[data-do="all-rest"]', () => app.set({ allRest: true }));
  on(root, "click", '[data-do="all-entries"]', () => app.set({ allEntries: true }));
  on(root, "click", '[data-do="refresh"]', () => {
    app.set({ rows: null });
    scrollTo({ top: 0 });
  });
  on(root, "click", "[data-older]", (button) => older(app, button.dataset.older));
  on(root, "click", '[data-do="flush"]', () => tryNow(app));
  on(root, "click", "[data-copy]", (button) =>
    navigator.clipboard
      ?.writeText(button.dataset.copy)
      .then(() => app.toast({ text: button.dataset.copied ?? t("Adressen er kopiert") })),
  );
}

async function older(app, clientId) {
  app.set({ older: "loading" });
  const outcome = await fetchOlder(clientId);
  app.set({ older: outcome.kind !== "ok" ? "failed" : outcome.data.ended ? "end" : null, allEntries: true });
}

const WORDS = {
  ok: N("Alt er sendt."),
  signed_out: N("Logg inn igjen, så blir det sendt."),
  unavailable: N("Serveren svarer ikke. Det prøves igjen av seg selv."),
  slow_down: N("Serveren ber om litt pause. Det prøves igjen av seg selv."),
  update: N("Sett må oppdateres før det kan sendes."),
};

/** The tap always gets an answer in words, also when nothing got through. */
async function tryNow(app) {
  const outcome = await flush("user");
  if (outcome.kind === "ok" && (await counts()).unsent)
    return app.toast({ text: t("Ikke alt kom fram. Hva og hvorfor står under Mer. Det prøves igjen av seg selv.") });
  app.toast({
    text: t(WORDS[outcome.kind] ?? "Ingen kontakt. Alt ligger trygt på telefonen og sendes når du har dekning."),
  });
}
