/** Owns which client stands on the screen, and that each time is noted for the read log (core/send/views.js). */
import { elapsed } from "../core/elapsed.js";
import { noteClosed, noteOpened, RENEW_MS, startView } from "../core/send/views.js";
import { isSafety, placeOf } from "../views/safety.js";

const ofAlert = (state, alert) => (alert && isSafety(alert) ? placeOf(state, alert).client?.id : alert?.client_id);

/** Of whom something is shown on each page. */
const ABOUT = {
  __proto__: null,
  client: (state, id) => state.clients.get(id)?.id,
  plans: (state, id) => state.clients.get(id)?.id,
  case: (state, id) => state.cases.get(id)?.client_id,
  alert: (state, id) => ofAlert(state, state.alerts.get(id)),
  entry: (state, id) => state.entries.get(id)?.client_id,
};

/** The client that this page shows, or null: a page that says «ikke på telefonen» shows nobody. */
export const clientOn = (state, { name, id }) => (state?.me ? (ABOUT[name]?.(state, id) ?? null) : null);

/** Returns what is to be called at each drawing. Several pages about one client, one after another, are one time. */
export function mountOpened() {
  /** @type {import("../core/send/views.js").View | null} */
  let view = null;
  let timer = 0;
  let work = Promise.resolve();
  /** In order, or the end would be written before the beginning. */
  const note = (what) => {
    work = work.then(what).catch((error) => console.error("not noted", error));
  };

  function end() {
    if (!view) return;
    const [ended, at] = [view, elapsed.now()];
    view = null;
    clearTimeout(timer);
    note(() => noteClosed(ended, at));
  }

  function begin(staffId, clientId) {
    const begun = startView(staffId, clientId);
    view = begun;
    note(() => noteOpened(begun));
    timer = setTimeout(() => {
      end();
      begin(staffId, clientId);
    }, RENEW_MS);
  }

  addEventListener("pagehide", end);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && end());
  return (state, screen) => {
    const client = document.visibilityState === "visible" ? clientOn(state, screen) : null;
    if (view && view.clientId === client && view.staffId === state.me.id) return;
    end();
    if (client) begin(state.me.id, client);
  };
}
