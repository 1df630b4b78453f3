/** Owns which screen stands: paths under /felt, the back button, and where the page was scrolled to. */
import { on } from "./on.js";

/** @type {[string, RegExp][]} */
const SCREENS = [
  ["today", /^\/felt\/?$/],
  ["clients", /^\/felt\/brukere\/?$/],
  ["client", /^\/felt\/bruker\/([^/]+)$/],
  ["plans", /^\/felt\/plan\/([^/]+)$/],
  ["entry", /^\/felt\/notat\/([^/]+)$/],
  ["log", /^\/felt\/ny\/?$/],
  ["alert", /^\/felt\/varsel\/([^/]+)$/],
  ["help", /^\/felt\/hjelp\/?$/],
  ["case", /^\/felt\/sak\/([^/]+)$/],
  ["board", /^\/felt\/tavle\/?$/],
  ["duties", /^\/felt\/vakter\/?$/],
  ["emergency", /^\/felt\/nodtilgang\/?$/],
  ["journal", /^\/felt\/journal\/?$/],
  ["more", /^\/felt\/mer\/?$/],
  ["signIn", /^\/felt\/logg-inn\/?$/],
];

/** {name, id, path, query} of an address; an unknown one under /felt is I dag. */
export function screenOf(url) {
  const path = url.pathname.replace(/(.)\/$/, "$1");
  for (const [name, pattern] of SCREENS) {
    const match = pattern.exec(path);
    if (match) return { name, id: match[1], path, query: Object.fromEntries(url.searchParams) };
  }
  return { name: "today", path: "/felt", query: {} };
}

/** What was typed and unfolded on the pages left behind, by how far back they lie. In memory alone: it is somebody's name. */
const left = new Map();
let depth = history.state?.depth ?? 0;

const remember = ({ search, allRest, allEntries }) => left.set(depth, { search, allRest, allEntries });

/** When the phone changes hands, nobody finds what another has searched for. */
export const forgetPlaces = () => left.clear();

const isOurs = (url) => url.origin === location.origin && /^\/felt(\/|$)/.test(url.pathname);

export function mountRouter(root, app) {
  on(root, "click", "a[href]", (link, event) => {
    const url = new URL(link.href, location.href);
    if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.button || !isOurs(url)) return;
    event.preventDefault();
    // Back goes where the person came from, when that was in Sett; a page opened by a push has nowhere to go back to.
    if (link.hasAttribute("data-back") && history.state?.depth > 0) history.back();
    else app.go(url.pathname + url.search, { replace: link.hasAttribute("data-replace") });
  });
  window.addEventListener("popstate", () => {
    remember(app.screen);
    depth = history.state?.depth ?? 0;
    app.show({ ...screenOf(new URL(location.href)), ...left.get(depth) }, { scroll: history.state?.scroll ?? 0 });
  });
}

/** Change the address; remembers how far down the old page was, and what was searched for on it. @param {string} path @param {{replace?: boolean}} [how] @param {any} [screen] */
export function moveTo(path, { replace = false } = {}, screen = {}) {
  if (!replace) {
    remember(screen);
    history.replaceState({ ...history.state, depth, scroll: scrollY }, "");
    depth += 1;
  }
  left.delete(depth);
  history[replace ? "replaceState" : "pushState"]({ depth, scroll: 0 }, "", path);
  return screenOf(new URL(path, location.href));
}
