/** Owns the one tap that sends «Be om hjelp». A double tap on what led here is not a yes: the button wakes a moment later. */
import { cleanName } from "../core/names.js";
import { myVisit, whereIAm } from "../views/safety.js";
import { on } from "./on.js";
import { entryOf, saveAll } from "./saving.js";

const SLIP_MS = 400;

/** The button sleeps as the page opens. */
export function asleep(app) {
  setTimeout(() => app.set({ awake: true }), SLIP_MS);
  return { awake: false };
}

export function mountHelp(root, app) {
  let sending = false;
  on(root, "click", "[data-help]", async () => {
    if (sending) return;
    sending = true;
    await saveAll(app, [entryOf(app, ask(app.state))]);
    sending = false;
  });
}

/** My own visit by its id; as second on a colleague's, the client is what says where. */
function ask(state) {
  const place = /** @type {HTMLInputElement | null} */ (document.getElementById("help-place"))?.value;
  return {
    type: "help_requested",
    body: { visit_id: myVisit(state)?.id, place_label: place && cleanName(place) },
    client: whereIAm(state)?.client_id,
  };
}
