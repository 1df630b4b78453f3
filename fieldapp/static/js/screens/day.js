/** What stands on I dag beside the clocks: loaded once they are on the screen. */
export { notesView as notes, plansView as plannedDay } from "../views/my_day.js";
