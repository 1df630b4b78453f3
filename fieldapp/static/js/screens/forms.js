/** The form page and what it does: loaded when somebody logs something. */
export { draftsWritten, formTitle, mountForm, openForm } from "../ui/form.js";
export { logView as log } from "../views/log.js";
export { streetView as street } from "../views/street.js";
