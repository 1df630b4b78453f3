/** What a locked phone shows: the PIN, choosing one, and what needs none. Loaded where somebody has used the phone. */
import { mountDoor } from "../ui/door.js";
import { mountGate } from "../ui/gate.js";

export { doorView as door } from "../views/door.js";
export { gateView as gate } from "../views/gate.js";

export function mount(root, app) {
  mountGate(root, app);
  mountDoor(root, app);
}
