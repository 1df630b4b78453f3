/** The screens about one person, an alert and a crisis among them: loaded when one of them is opened. */
export { alertView as alert } from "../views/alert.js";
export { caseView as case } from "../views/case.js";
export { clientView as client } from "../views/client.js";
export { clientsView as clients } from "../views/clients.js";
export { entryView as entry } from "../views/entry.js";
