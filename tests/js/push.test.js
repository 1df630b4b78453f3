/** The push subscription: compared and posted at every start, and made anew when its key has changed. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aServer, freshPhone, json, signIn } from "./_phone.js";
import {
  allowPush,
  fromBase64url,
  keepSubscribed,
  pushState,
  sendTestPush,
} from "../../fieldapp/static/js/core/push.js";

const KEY = "BNbxGYNMhE_-x5MIEBcWF1iN5JFMIEZ0bN8nB2Jq3Qx4K0l9FJw6lq0u0j4q4l1u7l0o7mYb1m0O3m8aZ5l8t1g";
let manager;
let posted;
let answer;

/** @param {string} name @param {any} value */
const globally = (name, value) =>
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

beforeEach(async () => {
  await freshPhone();
  aServer();
  await signIn("alice", "riktig");
  posted = [];
  answer = { public_key: KEY, key_id: "k1" };
  const api = globalThis.fetch;
  globalThis.fetch = async (path, init) => {
    if (path === "/api/push/key") return json(answer);
    if (path.startsWith("/api/push/subscriptions")) {
      posted.push([path, init.body && JSON.parse(init.body)]);
      return json({ id: "s1" });
    }
    return api(path, init);
  };
  manager = {
    current: null,
    made: 0,
    getSubscription: async () => manager.current,
    subscribe: async ({ applicationServerKey, userVisibleOnly }) => {
      assert.equal(userVisibleOnly, true);
      manager.made += 1;
      manager.current = {
        options: { applicationServerKey: applicationServerKey.buffer },
        unsubscribe: async () => {
          manager.current = null;
        },
        toJSON: () => ({ endpoint: `https://push.test/${manager.made}`, keys: { p256dh: "p", auth: "a" } }),
      };
      return manager.current;
    },
  };
  globally("Notification", { permission: "granted", requestPermission: async () => "granted" });
  globally("PushManager", class {});
  globally("navigator", { serviceWorker: { ready: Promise.resolve({ pushManager: manager }) } });
});

test("a subscription is made with the server’s key and posted with the key’s id", async () => {
  await keepSubscribed();
  const [[path, body]] = posted;
  assert.equal(path, "/api/push/subscriptions");
  assert.deepEqual([body.endpoint, body.keys, body.key_id], ["https://push.test/1", { p256dh: "p", auth: "a" }, "k1"]);
  assert.equal((await pushState()).subscriptionId, "s1");
});

test("at every start it is posted again, and not made again", async () => {
  await keepSubscribed();
  await keepSubscribed();
  assert.deepEqual([manager.made, posted.length], [1, 2]);
});

test("a changed key makes a new subscription, whether seen by its id or in the subscription itself", async () => {
  await keepSubscribed();
  answer = { public_key: KEY, key_id: "k2" };
  await keepSubscribed();
  assert.equal(manager.made, 2);
  answer = { public_key: KEY.replace("BN", "BM"), key_id: "k2" };
  await keepSubscribed();
  assert.deepEqual([manager.made, posted.at(-1)[1].endpoint], [3, "https://push.test/3"]);
});

test("a subscription the browser has lost without a word is made again", async () => {
  await keepSubscribed();
  manager.current = null;
  await keepSubscribed();
  assert.equal(manager.made, 2);
});

test("without permission nothing is asked and nothing is sent", async () => {
  globalThis.Notification.permission = "denied";
  assert.equal(await keepSubscribed(), null);
  assert.deepEqual([posted, (await pushState()).permission], [[], "denied"]);
});

test("a platform without push says so", async () => {
  globally("navigator", {});
  assert.equal((await pushState()).permission, "unsupported");
});

test("a tap asks for permission, subscribes, and can ask for proof", async () => {
  assert.equal(await sendTestPush(), null);
  assert.equal((await allowPush()).kind, "ok");
  await sendTestPush();
  assert.equal(posted.at(-1)[0], "/api/push/subscriptions/s1/test");
});

test("base64url is read with and without its special letters", () => {
  assert.deepEqual([...fromBase64url("-_8")], [251, 255]);
});
