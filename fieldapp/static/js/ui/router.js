/** Owns which screen stands: paths under /felt, the back button, and where the page was scrolled to. */
import { on } from "./on.js";

const SCREENS = [
  ["today", /^\/felt\/?$/],
  ["clients", /^\/felt\/brukere\/?$/],
  ["client", /^\/felt\/bruker\/([^/]+)$/],
  ["entry", /^\/felt\/notat\/([^/]+)$/],
  ["log", /^\/felt\/ny\/?$/],
  ["alert", /^\/felt\/varsel\/([^/]+)$/],
  ["help", /^\/felt\/hjelp\/?$/],
  ["case", /^\/felt\/sak\/([^/]+)$/],
  ["board", /^\/felt\/tavle\/?$/],
  ["duties", /^\/felt\/vakter\/?$/],
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
  window.addEventListener("popstate", () => app.show(screenOf(new URL(location.href)), { scroll: history.state?.scroll ?? 0 }));
}

/** Change the address; remembers how far down the old page was. */
export function moveTo(path, { replace = false } = {}) {
  const depth = history.state?.depth ?? 0;
  if (!replace) history.replaceState({ ...history.state, depth, scroll: scrollY }, "");
  history[replace ? "replaceState" : "pushState"]({ depth: replace ? depth : depth + 1, scroll: 0 }, "", path);
  return screenOf(new URL(path, location.href));
}
