/** The screens about one person, an alert and a crisis among them: loaded when one of them is opened. */
import { mountOpened } from "../ui/opened.js";

export { alertView as alert } from "../views/alert.js";
export { caseView as case } from "../views/case.js";
export { clientView as client } from "../views/client.js";
export { clientsView as clients } from "../views/clients.js";
export { entryView as entry } from "../views/entry.js";

/** That one of these stands on the screen is noted from the first time on. */
export function mount(_root, app) {
  app.noteShown = mountOpened();
}
