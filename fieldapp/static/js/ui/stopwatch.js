/** Runs the crisis clocks: once a second, only the text of elements with data-since. */
import { stopwatch } from "../views/words.js";

export function mountStopwatch(root, app) {
  setInterval(() => {
    for (const face of root.querySelectorAll("[data-since]"))
      face.textContent = stopwatch(app.now() - Number(face.dataset.since));
  }, 1000);
}
