/** Owns the one tap that sends «Be om hjelp». A double tap on what led here is not a yes. */
import { entryOf, saveAll } from "./saving.js";
import { on } from "./on.js";
import { myVisit, whereIAm } from "../views/safety.js";

const SLIP_MS = 500;

export function mountHelp(root, app) {
  let sending = false;
  on(root, "click", "[data-help]", async () => {
    if (sending || performance.now() - (app.screen.openedAt ?? 0) < SLIP_MS) return;
    sending = true;
    await saveAll(app, [entryOf(app, ask(app.state))]);
    sending = false;
  });
}

/** My own visit by its id; as second on a colleague's, the client is what says where. */
function ask(state) {
  const place = document.getElementById("help-place")?.value.trim();
  return { type: "help_requested", body: { visit_id: myVisit(state)?.id, place_label: place }, client: whereIAm(state)?.client_id };
}
