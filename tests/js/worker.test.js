/** The service worker: what it keeps, what it never keeps, and that every push is shown. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import vm from "node:vm";
import { ALICE, aServer, freshPhone, KARI, signIn } from "./_phone.js";
import { aPage, aWorkerScope, ORIGIN, pushData } from "./_worker.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { save } from "../../fieldapp/static/js/core/send/outbox.js";
import { noteClosed, noteOpened, startView } from "../../fieldapp/static/js/core/send/views.js";
import { pushState } from "../../fieldapp/static/js/core/push.js";
import { getValue, setValue } from "../../fieldapp/static/js/core/values.js";
import { listen } from "../../fieldapp/static/js/sw/worker.js";

const BUILD = {
  version: "v2",
  base: "/static/abc/",
  shell: "/felt",
  files: ["/static/abc/js/field.js", "/static/abc/css/app.css"],
};
const get = (path, more = {}) => ({ method: "GET", url: new URL(path, ORIGIN).href, mode: "cors", ...more });
const ALERT = {
  web_push: 8030,
  mutable: true,
  notification: { title: "Krise i Sett", lang: "nb", navigate: `${ORIGIN}/felt/varsel/x1`, tag: "t1" },
  kind: "alert",
  notification_id: "n1",
};

let scope;
let server;
let network;
beforeEach(async () => {
  await freshPhone();
  server = aServer();
  await signIn("alice", "riktig");
  scope = aWorkerScope();
  const api = globalThis.fetch;
  network = { asked: [], answers: new Map() };
  globalThis.fetch = async (request, init) => {
    const path = String(request.url ?? request).replace(ORIGIN, "");
    if (path.startsWith("/api/")) return api(path, init);
    network.asked.push(path);
    return network.answers.get(path)?.() ?? new Response(path);
  };
  listen(BUILD, scope);
});

test("a version is kept whole, and then answers without network", async () => {
  await scope.fire("install");
  network.asked.length = 0;
  const page = await scope.fire("fetch", { request: get("/felt/bruker/1", { mode: "navigate" }) });
  const script = await scope.fire("fetch", { request: get("/static/abc/js/field.js") });
  assert.deepEqual([await page.text(), await script.text(), network.asked], ["/felt", "/static/abc/js/field.js", []]);
});

const unsound = {
  "is missing": () => new Response("", { status: 404 }),
  "was redirected": () => Object.defineProperty(new Response("logg inn"), "redirected", { value: true }),
  "can’t be fetched": () => {
    throw new TypeError("gone");
  },
};
for (const [why, answer] of Object.entries(unsound)) {
  test(`when one file ${why} nothing is kept and the old version goes on`, async () => {
    network.answers.set("/static/abc/css/app.css", answer);
    await assert.rejects(scope.fire("install"));
    assert.deepEqual(await caches.keys(), []);
  });
}

test("no version is installed on a phone without a key to seal to; one that has it from before will do", async () => {
  const answer = server.sealing.answer;
  server.sealing = { ...server.sealing, answer: { ...answer, key_id: "another" } };
  await scope.fire("install"); // the key that the sign-in fetched
  await setValue("sealing_key", null);
  await assert.rejects(scope.fire("install"), /no key/);
  server.sealing = { ...server.sealing, answer };
  await scope.fire("install");
  assert.equal((await getValue("sealing_key")).keyId, answer.key_id);
});

test("when the phone is full nothing is left half-kept", async () => {
  caches.full = true;
  await assert.rejects(scope.fire("install"));
  assert.deepEqual(await caches.keys(), []);
});

test("data, other sites, the office and changes go to the network untouched", async () => {
  await scope.fire("install");
  for (const request of [
    get("/api/alerts"),
    get("/api/session"),
    get("/kontor", { mode: "navigate" }),
    get("/logg-inn", { mode: "navigate" }),
    get("/felta", { mode: "navigate" }),
    get("https://elsewhere.test/static/abc/js/field.js"),
    get("/felt", { method: "POST", mode: "navigate" }),
    get("/felt"),
  ])
    assert.equal(await scope.fire("fetch", { request }), null, `${request.method} ${request.url}`);
});

test("a file of this version that was not precached is kept, unless it was redirected", async () => {
  const request = get("/static/abc/js/office.js");
  await scope.fire("fetch", { request });
  await scope.fire("fetch", { request });
  assert.equal(network.asked.length, 1);
  network.answers.set("/static/abc/js/x.js", unsound["was redirected"]);
  await scope.fire("fetch", { request: get("/static/abc/js/x.js") });
  await scope.fire("fetch", { request: get("/static/abc/js/x.js") });
  assert.equal(network.asked.length, 3);
});

test("with an empty cache the page comes from the network", async () => {
  const page = await scope.fire("fetch", { request: get("/felt", { mode: "navigate" }) });
  assert.equal(await page.text(), "/felt");
});

test("a new version drops the caches of the old ones and no one else’s", async () => {
  await caches.open("sett-v1");
  await caches.open("another");
  await scope.fire("install");
  await scope.fire("activate");
  assert.deepEqual([(await caches.keys()).sort(), scope.claimed], [["another", "sett-v2"], 1]);
});

test("a page of an older version still gets its files, and they go when no page is open", async () => {
  const old = await caches.open("sett-v1");
  await old.put(`${ORIGIN}/static/old/build/nn.js`, new Response("old words"));
  scope.pages = [aPage("/felt/mer")];
  await scope.fire("install");
  await scope.fire("activate");
  const words = await scope.fire("fetch", { request: get("/static/old/build/nn.js") });
  assert.deepEqual([await words.text(), network.asked.includes("/static/old/build/nn.js")], ["old words", false]);
  assert.deepEqual((await caches.keys()).sort(), ["sett-v1", "sett-v2"]);

  scope.pages = [aPage("/kontor")];
  await scope.fire("fetch", { request: get("/felt", { mode: "navigate" }) });
  assert.deepEqual(await caches.keys(), ["sett-v2"]);
});

test("another version’s file that is not kept comes from the network, and is not kept", async () => {
  await scope.fire("install");
  const request = get("/static/new/css/office.css");
  for (const _ of [1, 2]) await scope.fire("fetch", { request });
  assert.equal(network.asked.filter((path) => path === "/static/new/css/office.css").length, 2);
});

test("a new version waits until the page says so", async () => {
  await scope.fire("install");
  assert.equal(scope.skipped, 0);
  await scope.fire("message", { data: { type: "something" } });
  assert.equal(scope.skipped, 0);
  await scope.fire("message", { data: { type: "skip_waiting" } });
  assert.equal(scope.skipped, 1);
});

test("a push is shown with its own words, the receipt is sent and the page is woken", async () => {
  const page = aPage("/felt");
  scope.pages = [page];
  await scope.fire("push", { data: pushData(JSON.stringify(ALERT)) });
  const [one] = scope.shown;
  assert.deepEqual(
    [one.title, one.tag, one.renotify, one.lang, one.data],
    ["Krise i Sett", "t1", true, "nb", { path: "/felt/varsel/x1" }],
  );
  assert.deepEqual(
    server.requests.filter((request) => request.path === "/api/push/receipts").map((request) => request.body),
    [{ notification_id: "n1" }],
  );
  assert.deepEqual(page.messages, [{ type: "flush" }]);
  assert.ok((await pushState()).lastShownAt > 0);
});

test("the message that it is over makes no sound again", async () => {
  await scope.fire("push", { data: pushData(JSON.stringify({ ...ALERT, kind: "over" })) });
  assert.equal(scope.shown[0].renotify, false);
});

for (const [name, data] of Object.entries({
  "no content": null,
  "no JSON": pushData("{"),
  "nothing in it": pushData("null"),
  "no title": pushData('{"notification":{"title":""}}'),
  "a list": pushData("[]"),
})) {
  test(`a push with ${name} shows the constant words`, async () => {
    await scope.fire("push", { data });
    assert.deepEqual(
      scope.shown.map((one) => [one.title, one.data.path]),
      [["Nytt varsel i Sett", "/felt"]],
    );
  });
}

test("a platform that refuses the options still shows the title", async () => {
  scope.refuses = (options) => "renotify" in options;
  await scope.fire("push", { data: pushData(JSON.stringify(ALERT)) });
  assert.deepEqual([scope.shown[0].title, scope.shown[0].data.path], ["Krise i Sett", "/felt/varsel/x1"]);
});

test("a push is shown though storage and network are both gone", async () => {
  server.online = false;
  globalThis.indexedDB = undefined;
  await scope.fire("push", { data: pushData(JSON.stringify(ALERT)) });
  assert.equal(scope.shown.length, 1);
});

test("a receipt that did not get through is sent at the next wake", async () => {
  server.online = false;
  await scope.fire("push", { data: pushData(JSON.stringify(ALERT)) });
  server.online = true;
  await scope.fire("sync");
  const receipts = server.requests.filter((request) => request.path === "/api/push/receipts");
  assert.deepEqual(
    receipts.map((request) => request.body.notification_id),
    ["n1"],
  );
  await scope.fire("sync");
  assert.equal(server.requests.filter((request) => request.path === "/api/push/receipts").length, 1);
});

test("reports of what was opened are sent by the worker, too, and those that wait make it try again", async () => {
  const look = async () => {
    const view = startView(ALICE.id, KARI);
    await noteOpened(view);
    await noteClosed(view, view.began);
  };
  await look();
  await scope.fire("sync");
  await look();
  await scope.fire("push", { data: pushData(JSON.stringify(ALERT)) });
  assert.equal(server.viewed.size, 2);
  await look();
  server.online = false;
  await assert.rejects(scope.fire("sync"), /still to be sent/);
});

test("without an open page the worker itself sends what waits", async () => {
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  await scope.fire("push", { data: pushData(JSON.stringify(ALERT)) });
  assert.equal(server.accepted.size, 1);
});

test("Background Sync fails while something is left, so that the platform tries again", async () => {
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  server.online = false;
  await assert.rejects(scope.fire("sync"));
  server.online = true;
  await scope.fire("sync");
  assert.equal(server.accepted.size, 1);
});

test("a tap focuses the open app on the alert, or opens it, and never leaves our pages", async () => {
  const tap = (path) => scope.fire("notificationclick", { notification: { close() {}, data: { path } } });
  await tap("/felt/varsel/x1");
  await tap("https://evil.test/felt");
  await tap("/konto");
  await tap("/kontoret");
  await tap(undefined);
  assert.deepEqual(scope.opened, ["/felt/varsel/x1", "/felt", "/felt", "/felt", "/felt"]);
  const page = aPage("/felt/mer");
  scope.pages = [aPage("/kontor"), page];
  await tap("/felt/varsel/x2");
  assert.deepEqual([page.focused, page.messages], [1, [{ type: "open", path: "/felt/varsel/x2" }]]);
  await tap("/kontor/overlevering");
  assert.deepEqual(
    [page.focused, scope.opened.at(-1)],
    [1, "/kontor/overlevering"],
    "the office has a page of its own",
  );
});

test("the kill switch takes away worker and caches, and nothing that is saved", async () => {
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  await caches.open("sett-v1");
  await caches.open("another");
  const listeners = {};
  let [skipped, unregistered] = [0, 0];
  const script = readFileSync(new URL("../../fieldapp/templates/system/sw_off.js", import.meta.url), "utf8");
  vm.runInNewContext(script, {
    caches,
    addEventListener: (type, listener) => {
      listeners[type] = listener;
    },
    skipWaiting: () => {
      skipped += 1;
    },
    registration: {
      unregister: async () => {
        unregistered += 1;
      },
    },
  });
  listeners.install({});
  await new Promise((resolve, reject) => {
    listeners.activate({ waitUntil: (work) => work.then(resolve, reject) });
  });
  assert.deepEqual([skipped, unregistered, await caches.keys()], [1, 1, ["another"]]);
  assert.doesNotMatch(script, /indexedDB\s*\./);
  assert.equal(await getValue("last_seq"), 1);
});

test("the worker listens to everything it must, while the script is first run", () => {
  assert.deepEqual(scope.listens(), ["activate", "fetch", "install", "message", "notificationclick", "push", "sync"]);
});
