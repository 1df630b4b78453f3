/** The office's few behaviours on top of htmx: lost contact, waking up, choices that submit, keys, focus after an error. */
import { startBigScreen } from "./ui/big_screen.js";
import { letCardsMove } from "./ui/board_moves.js";
import { countTurns, letArrowsMove } from "./ui/duty_calendar.js";
import { takeCarried } from "./ui/carried_form.js";
import { holdNews } from "./ui/held_news.js";
import { runMeeting } from "./ui/meeting.js";

const lost = document.getElementById("lost");
const page = document.documentElement;
page.classList.add("scripted");

function showLost() {
  const at = /** @type {HTMLElement | null} */ (document.querySelector("[data-updated]"))?.dataset.updated ?? "–";
  lost.textContent = lost.dataset.text.replace("{at}", at);
  lost.hidden = false;
}

// A poll that failed leaves the page as it was; the person must know that it has stood still.
document.addEventListener("htmx:error", showLost);
document.addEventListener("htmx:response:error", (/** @type {any} */ { detail }) =>
  detail.ctx.response.status === 401 ? signedOut() : showLost(),
);

// The session has ended. Nobody who types is led away: what was typed is sent first, and comes back after the sign-in.
function signedOut() {
  if (![...document.forms].some(isFilledIn))
    return location.assign(`/logg-inn?neste=${encodeURIComponent(location.pathname + location.search)}`);
  lost.textContent = lost.dataset.signedOut;
  lost.hidden = false;
}

const isFilledIn = (form) =>
  form.method === "post" &&
  [...form.elements].some((one) => {
    if (one.tagName === "SELECT")
      return [...one.options].some((option) => option.selected !== option.defaultSelected && one.value);
    return one.type === "checkbox" || one.type === "radio"
      ? one.checked !== one.defaultChecked
      : one.value !== one.defaultValue;
  });
document.addEventListener("htmx:before:response", (/** @type {any} */ { detail }) => {
  if (detail.ctx.response.status < 400) lost.hidden = true;
});

// A page nobody sees asks for nothing, and asks at once when it is looked at again.
document.addEventListener("htmx:config:request", (event) => {
  if (document.hidden || page.hasAttribute("data-blanked")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.body.dispatchEvent(new Event("wake"));
});
addEventListener("online", () => document.body.dispatchEvent(new Event("wake")));

document.addEventListener("change", (/** @type {any} */ { target }) => {
  if (target.matches("[data-submits]")) target.form.requestSubmit();
});

document.addEventListener("click", (/** @type {any} */ { target }) => {
  if (target.closest?.("[data-print]")) print();
});

// Escape closes the answer that was opened, and gives the focus back to what opened it.
document.addEventListener("keydown", (/** @type {any} */ event) => {
  const open = event.key === "Escape" && event.target.closest("details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

takeCarried();
letCardsMove(document.querySelector("[data-board]"));
letArrowsMove(document.querySelector("[data-grid]"));
countTurns(document.querySelector("[data-order]"));
holdNews(document.getElementById("news"));
startBigScreen(document.body);
runMeeting(document, signedOut);

// After a form with errors: straight to what is wrong. After one that went well: «gjort» leaves the address.
/** @type {HTMLElement | null} */ (
  document.querySelector("[aria-invalid]") ?? document.querySelector("[data-focus]")
)?.focus();
const here = new URL(location.href);
if (here.searchParams.has("gjort")) {
  here.searchParams.delete("gjort");
  for (const name of ["angre", "fjernet", "flere"]) here.searchParams.delete(name);
  here.hash = "";
  history.replaceState(null, "", here);
}
