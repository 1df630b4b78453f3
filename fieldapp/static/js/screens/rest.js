/** The screens that are opened now and then: loaded when one of them is. */
export { asleep, mountHelp as mount } from "../ui/help.js";
export { boardView as board } from "../views/board.js";
export { dutiesView as duties } from "../views/duties.js";
export { helpView as help } from "../views/help.js";
export { moreView as more } from "../views/more.js";
