/** A page that others see: keys for all of it, names as initials with one key, and blank when nobody presses one. */
const LOOK_EVERY_MS = 1000;
const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select";
const FOCUSABLE = "button:not([disabled]), a[href], input:not([type=hidden]), textarea, select";
const KEPT = "sett-names"; // «full» or «initials»: nothing about anybody
const KEYS_OFF = "sett-keys-off"; // for who speaks to the screen: a word must not press keys

/** @param {HTMLElement} body */
export function startBigScreen(body) {
  if (!("bigScreen" in body.dataset)) return;
  // A wall begins with initials each time; a meeting goes on as the last page of it was.
  if (body.dataset.names === "full") body.dataset.names = sessionStorage.getItem(KEPT) ?? "full";
  blankWhenLeft(Number(body.dataset.blankAfterS) * 1000);
  document.addEventListener("keydown", pressed);
  const off = /** @type {HTMLInputElement} */ (document.querySelector("[data-keys-off]"));
  off.checked = sessionStorage.getItem(KEYS_OFF) !== null;
  off.addEventListener("change", () =>
    off.checked ? sessionStorage.setItem(KEYS_OFF, "1") : sessionStorage.removeItem(KEYS_OFF),
  );
  document.addEventListener("click", (/** @type {any} */ { target }) => {
    if (target.closest("[data-toggle-names]")) toggleNames(body);
    if (target.closest("[data-show-keys]"))
      /** @type {HTMLDialogElement} */ (document.querySelector(".keys")).showModal();
  });
}

function toggleNames(body) {
  body.dataset.names = body.dataset.names === "full" ? "initials" : "full";
  sessionStorage.setItem(KEPT, body.dataset.names);
}

/** A key presses the button or link that names it, or goes into the field. @param {any} event */
function pressed(event) {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (key === "Escape") return /** @type {HTMLElement} */ (document.activeElement)?.blur();
  if (target.matches(TYPED) || sessionStorage.getItem(KEYS_OFF)) return;
  const digit = /^[1-9]$/.test(key) && target.closest("[data-digits]");
  const wanted = digit ? digit.querySelectorAll("button")[key - 1] : named(key);
  if (!wanted || wanted.disabled) return;
  event.preventDefault();
  if (wanted.matches("a, button")) wanted.click();
  else (wanted.matches(FOCUSABLE) ? wanted : wanted.querySelector(FOCUSABLE))?.focus();
}

const named = (key) =>
  [...document.querySelectorAll("[data-key]")].find((one) =>
    /** @type {HTMLElement} */ (one).dataset.key.split(" ").includes(key),
  );

/** Nothing stands on a screen that everybody has left; the key that brings it back does nothing else. */
function blankWhenLeft(afterMs) {
  const page = document.documentElement;
  const blank = /** @type {HTMLElement} */ (document.querySelector("[data-blank]"));
  let last = Date.now();
  /** @type {HTMLElement | null} */
  let held = null;
  const wake = (event) => {
    last = Date.now();
    if (blank.hidden) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    blank.hidden = true;
    page.removeAttribute("data-blanked");
    held?.focus({ preventScroll: true });
    document.body.dispatchEvent(new Event("wake"));
  };
  for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, wake, { capture: true });
  setInterval(() => {
    if (!blank.hidden || Date.now() - last < afterMs) return;
    held = /** @type {HTMLElement | null} */ (document.activeElement);
    /** @type {HTMLDialogElement | null} */ (document.querySelector("dialog[open]"))?.close();
    page.setAttribute("data-blanked", "");
    blank.hidden = false;
  }, LOOK_EVERY_MS);
}
