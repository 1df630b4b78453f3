/** A meeting about the board: its clocks, and words that are kept on the server as they are written. */
import { keepAsTyped } from "./kept_form.js";

const SPENT = "sett-meeting"; // seconds by place in the order: nothing about anybody

/** @param {Document} page @param {() => void} signedOut */
export function runMeeting(page, signedOut) {
  const clocks = /** @type {HTMLElement | null} */ (page.querySelector("[data-meeting]"));
  if (clocks) startClocks(clocks);
  const form = /** @type {HTMLFormElement | null} */ (page.querySelector("[data-autosave]"));
  if (form) keepAsTyped(form, signedOut);
}

function startClocks(place) {
  const { meeting, nr, goneS, of, over } = place.dataset;
  const from = Date.now();
  const kept = JSON.parse(sessionStorage.getItem(SPENT) ?? "{}");
  const spent = kept.meeting === meeting ? kept.spent : {};
  const before = { one: spent[nr] ?? 0, all: Number(goneS) };
  const tick = () => {
    const elapsed = Math.round((Date.now() - from) / 1000);
    for (const clock of place.querySelectorAll("[data-clock]")) {
      const [seconds, most] = [before[clock.dataset.clock] + elapsed, Number(clock.dataset.mostS)];
      clock.textContent = (seconds > most ? over : of)
        .replace("{time}", clockOf(seconds))
        .replace("{most}", clockOf(most));
      clock.toggleAttribute("data-over", seconds > most);
    }
    spent[nr] = before.one + elapsed;
    sessionStorage.setItem(SPENT, JSON.stringify({ meeting, spent }));
  };
  tick();
  setInterval(tick, 1000);
}

const clockOf = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
