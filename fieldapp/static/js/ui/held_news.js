/**
 * Nothing on a live page moves under the pointer or the focus: while either is inside a panel, what has come waits behind
 * «1 nytt varsel · vis». When both have left, it comes by itself.
 */
const PANELS = ".panel, .card, .tiles, .notice, .answers, .choice, .week, .menu, form, details";
const LEFT_MS = 800; // on the way from one panel to the next the pointer is in neither

let waiting = null; // the newest answer, as htmx has it
let showing = false;
let leaving = 0;
let button = null;

/** `place` is the button that says what waits. */
export function holdNews(place) {
  button = place;
  document.addEventListener("htmx:before:swap", (/** @type {any} */ event) => {
    if (showing || !isInside()) return forget();
    event.preventDefault();
    waiting = event.detail.ctx;
    announce(newsIn(waiting.text));
  });
  button.addEventListener("click", () => show(true));
  for (const name of ["pointerover", "focusin", "focusout", "keyup"]) document.addEventListener(name, soon);
  document.documentElement.addEventListener("pointerleave", soon);
  document.addEventListener("keydown", (/** @type {any} */ event) => {
    const types = event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === "v" && !types && !button.hidden) show(true);
  });
}

function isInside() {
  const hovered = matchMedia("(hover: hover)").matches ? [...document.querySelectorAll(":hover")].at(-1) : null;
  return Boolean(hovered?.closest(PANELS) || document.activeElement?.closest(PANELS));
}

function soon() {
  clearTimeout(leaving);
  leaving = setTimeout(() => waiting && !isInside() && show(false), LEFT_MS);
}

async function show(wanted) {
  const ctx = waiting;
  if (!ctx) return;
  const fresh = newsIn(ctx.text).alerts;
  forget();
  showing = true;
  try {
    await globalThis.htmx.swap(ctx);
  } finally {
    showing = false;
  }
  if (wanted)
    /** @type {HTMLElement | null} */ (document.querySelector(fresh.length ? `#${fresh[0]} a` : "#main"))?.focus();
}

function forget() {
  waiting = null;
  button.hidden = true;
}

/** What an answer has that the page has not: new alerts by id, a banner, or anything else that is not the time alone. */
export function newsIn(text, page = document) {
  const answer = new DOMParser().parseFromString(text, "text/html");
  const alerts = ids(answer, "li[id^=alert-]").filter((id) => !page.getElementById(id));
  const banner = answer.querySelector("#banners strong")?.textContent ?? "";
  return {
    alerts,
    banner: page.querySelector("#banners strong")?.textContent === banner ? "" : banner,
    other: stand(answer) !== stand(page),
  };
}

const ids = (root, selector) => [...root.querySelectorAll(selector)].map((one) => one.id);

/** How things stand, without a word about the time. */
function stand(root) {
  const live = root.querySelector("#live");
  if (!live) return "";
  const stands = [...live.querySelectorAll("[data-stand]")].map((one) => one.dataset.stand);
  return [...ids(live, "li[id], tr[id]"), ...stands, live.querySelectorAll(".timeline > li").length].join();
}

function announce({ alerts, banner, other }) {
  const { one, many, more, show: how } = button.dataset;
  const count = alerts.length > 1 ? many.replace("{n}", alerts.length) : alerts.length ? one : "";
  const what = count || banner || (other ? more : "");
  if (what && button.textContent !== `${what} · ${how}`) button.textContent = `${what} · ${how}`;
  button.hidden = !what;
}
