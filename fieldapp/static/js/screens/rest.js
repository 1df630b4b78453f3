/** The screens that are opened now and then: loaded when one of them is. */
import { mountEmergency } from "../ui/emergency.js";
import { mountHelp } from "../ui/help.js";
import { mountJournal } from "../ui/journal.js";

export { asleep } from "../ui/help.js";
export { boardView as board } from "../views/board.js";
export { dutiesView as duties } from "../views/duties.js";
export { helpView as help } from "../views/help.js";
export { journalView as journal } from "../views/journal.js";
export { moreView as more } from "../views/more.js";
export { emergencyView as emergency } from "../views/emergency.js";

export function mount(root, app) {
  mountHelp(root, app);
  mountEmergency(root, app);
  mountJournal(root, app);
}
