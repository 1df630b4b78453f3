/** Takes a waiting version into use when asked, or when the phone has locked by itself: not before every draft is on disk. */
import { bus } from "../core/bus.js";
import { isFlushing } from "../core/send/flush.js";
import { applyUpdate } from "../core/updates.js";
import { t } from "../texts/t.js";
import { on } from "./on.js";

export function mountUpdate(root, app, draftsWritten) {
  bus.addEventListener("update", () => app.update());
  app.idle = () => {
    if (!app.door) applyUpdate({ isBusy: isFlushing });
  };
  on(root, "click", '[data-do="update"]', async () => {
    await draftsWritten();
    // Drafts are kept at every change, so a half-filled form is as safe as a saved one.
    if (!applyUpdate({ isBusy: isFlushing })) app.toast({ text: t("Sender akkurat nå. Prøv igjen om et øyeblikk.") });
  });
}
