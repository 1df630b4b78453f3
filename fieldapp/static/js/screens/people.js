/** The screens about one person, an alert and a crisis among them: loaded when one of them is opened. */
import { mountCall } from "../ui/call.js";
import { mountOpened } from "../ui/opened.js";
import { mountPhotos } from "../ui/photo.js";

export { calledClient } from "../ui/call.js";
export { alertView as alert } from "../views/alert.js";
export { caseView as case } from "../views/case.js";
export { clientView as client } from "../views/client.js";
export { clientsView as clients } from "../views/clients.js";
export { entryView as entry } from "../views/entry.js";
export { plansView as plans } from "../views/plans.js";

/** That one of these stands on the screen is noted from the first time on. */
export function mount(root, app) {
  app.noteShown = mountOpened();
  mountPhotos(root, app);
  mountCall(root, app);
}
