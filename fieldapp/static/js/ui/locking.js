/** Owns that nobody reads over a put-away phone: covered at once when it is hidden, locked when nobody has touched it for a while. */
import { announce, on as news } from "../core/bus.js";
import { elapsed } from "../core/elapsed.js";
import { openFor } from "../core/vault.js";
import { mustLock } from "../core/vault/idle.js";
import { lock, noteUse } from "../core/vault/people.js";

const LOOK_MS = 5_000;
/** How often a touch is told to the other windows and to the storage. */
const TELL_MS = 15_000;

const now = () => ({ wall: Date.now(), elapsed: elapsed.now() });

/** @param {any} app with `locked()`, which takes everything of the person off the page @param {() => Promise<unknown>} draftsWritten */
export function mountLocking(app, draftsWritten) {
  let usedAt = now();
  let hiddenAt = null;
  let toldAt = -TELL_MS;
  const cover = (on) => document.documentElement.classList.toggle("covered", on);

  async function lockNow() {
    if (!openFor()) return;
    cover(true);
    await Promise.race([draftsWritten(), elapsed.pause(500)]);
    lock();
    await app.locked();
    cover(document.visibilityState === "hidden");
  }

  const look = () =>
    openFor() && mustLock(now(), usedAt, hiddenAt)
      ? lockNow().then(() => app.idle()) // nobody is at it now
      : cover(hiddenAt !== null);

  function touched() {
    if (mustLock(now(), usedAt, hiddenAt)) return void look();
    usedAt = now();
    if (elapsed.now() - toldAt < TELL_MS || !openFor()) return;
    toldAt = elapsed.now();
    announce("used");
    noteUse(openFor());
  }

  function hide() {
    hiddenAt ??= now();
    cover(true);
  }

  function shown() {
    const wait = look();
    hiddenAt = null;
    Promise.resolve(wait).then(() => cover(false));
  }

  for (const type of ["pointerdown", "keydown", "input"])
    addEventListener(type, touched, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? hide() : shown()));
  addEventListener("pagehide", hide);
  addEventListener("pageshow", (event) => {
    if (event.persisted) shown();
  });
  news("changed", ({ what, remote, locked }) => {
    if (what === "used" && remote) usedAt = now();
    if (what === "vault" && !locked) usedAt = now();
    if (locked || (what === "lock" && !openFor())) app.locked();
  });
  news("expired", lockNow);
  setInterval(look, LOOK_MS);
}
