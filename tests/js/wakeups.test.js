/** When the phone sends by itself, and what it does when it starts. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { ALICE, aServer, freshPhone, json, KARI, signIn } from "./_phone.js";
import { emit } from "../../fieldapp/static/js/core/bus.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush, isFlushing, onFlush } from "../../fieldapp/static/js/core/send/flush.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { atStart } from "../../fieldapp/static/js/core/send/start.js";
import { applyUpdate, isUpdateWaiting, registerWorker } from "../../fieldapp/static/js/core/updates.js";
import { setValue } from "../../fieldapp/static/js/core/values.js";
import { isDue, startFlushing } from "../../fieldapp/static/js/core/send/wakeups.js";

const visit = () => makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI });
let server;
let stop = () => {};

/** The end of the next flush. */
const flushed = () =>
  new Promise((resolve) => {
    const off = onFlush(({ phase, kind }) => {
      if (phase === "end") {
        off();
        resolve(kind);
      }
    });
  });

/** A page whose flush at start is over. */
async function anOpenPage() {
  const target = new EventTarget();
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const first = flushed();
  stop = startFlushing({ target, page });
  await first;
  return { target, page };
}

beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
});
afterEach(() => stop());

test("a save is sent at once", async () => {
  await anOpenPage();
  const sent = flushed();
  await save(visit());
  await sent;
  assert.equal(server.accepted.size, 1);
});

test("network back, screen back and page shown again each send what waits", async () => {
  const { target, page } = await anOpenPage();
  for (const wake of [
    () => target.dispatchEvent(new Event("online")),
    () => page.dispatchEvent(new Event("visibilitychange")),
    () => target.dispatchEvent(new Event("pageshow")),
  ]) {
    const before = server.syncs().length;
    const sent = flushed();
    wake();
    await sent;
    assert.equal(server.syncs().length, before + 1);
  }
});

test("a screen that goes dark sends nothing, and news from another window are left to it", async () => {
  const { page } = await anOpenPage();
  const before = server.requests.length;
  page.visibilityState = "hidden";
  page.dispatchEvent(new Event("visibilitychange"));
  emit("changed", { what: "session", remote: true });
  assert.equal(isFlushing(), false);
  assert.equal(server.requests.length, before);
});

test("the timer runs every half minute while something waits, and otherwise every minute while the screen is on", () => {
  assert.deepEqual([isDue(29_000, 0, 1, true), isDue(30_000, 0, 1, false)], [false, true]);
  assert.deepEqual(
    [isDue(59_000, 0, 0, true), isDue(60_000, 0, 0, true), isDue(90_000, 0, 0, false)],
    [false, true, false],
  );
});

test("at start the phone learns its teams anew, and offers what was deferred when the app is another version", async () => {
  server.judge = () => ({ verdict: "deferred", code: "unknown_type" });
  await save(visit());
  await atStart();
  server.judge = () => null;
  await atStart();
  assert.equal(server.accepted.size, 0);
  await setValue("app_version", "/static/older/");
  await atStart();
  assert.equal(server.accepted.size, 1);
});

test("a start without network changes nothing and takes nobody’s name away", async () => {
  server.online = false;
  assert.equal((await atStart()).kind, "network");
  server.online = true;
  globalThis.fetch = async () => json({ code: "sign_in", message: "" }, 401);
  assert.equal((await atStart()).kind, "signed_out");
  const { me } = await import("../../fieldapp/static/js/core/session.js");
  assert.equal((await me()).id, ALICE.id);
});

test("a new version takes over only when no form is dirty and nothing is being sent", async () => {
  const posted = [];
  const container = Object.assign(new EventTarget(), { controller: {} });
  const waiting = { postMessage: (message) => posted.push(message) };
  container.register = async (url, options) => {
    assert.deepEqual([url, options], ["/sw.js", { scope: "/", type: "module", updateViaCache: "none" }]);
    return Object.assign(new EventTarget(), { waiting });
  };
  Object.defineProperty(globalThis, "navigator", { value: { serviceWorker: container }, configurable: true });
  let reloads = 0;
  const reload = () => {
    reloads += 1;
  };
  assert.equal(applyUpdate({ isBusy: isFlushing, reload }), false);
  await registerWorker();
  assert.equal(isUpdateWaiting(), true);
  assert.equal(applyUpdate({ isBusy: () => true, reload }), false);
  const sending = flush();
  assert.equal(applyUpdate({ isBusy: isFlushing, reload }), false);
  await sending;
  assert.equal(applyUpdate({ isBusy: isFlushing, reload }), true);
  container.dispatchEvent(new Event("controllerchange"));
  container.dispatchEvent(new Event("controllerchange"));
  assert.deepEqual([posted, reloads], [[{ type: "skip_waiting" }], 1]);
});
