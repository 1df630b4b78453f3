// The deadline is on progress: what takes long but comes is waited for, what has gone silent is not.
import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";
import { send } from "../../fieldapp/static/js/core/transport.js";

const usual = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = usual;
  mock.timers.reset();
});

/** An answer in pieces, one for each call of `next`; after the abort it breaks, as a real one does. */
function inPieces() {
  let controller;
  const sent = {};
  globalThis.fetch = async (_path, { signal, body }) => {
    sent.body = body;
    const stream = new ReadableStream({
      start: (given) => {
        controller = given;
      },
    });
    signal.addEventListener("abort", () => controller.error(signal.reason));
    return new Response(stream, { headers: { "content-type": "application/json" } });
  };
  const settled = () => new Promise((done) => setImmediate(done));
  return {
    next: async (text) => {
      controller.enqueue(new TextEncoder().encode(text));
      await settled();
    },
    close: () => controller.close(),
    settled,
  };
}

test("an answer that takes a minute is taken as long as it comes", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const answer = inPieces();
  const outcome = send("POST", "/api/sync", {});
  await answer.settled();
  for (const piece of ['{"a":', '"b', "c", '"', "}"]) {
    await answer.next(piece);
    mock.timers.tick(14_000);
  }
  answer.close();
  assert.deepEqual([(await outcome).kind, (await outcome).data], ["ok", { a: "bc" }]);
});

test("an answer that goes silent half-way is a timeout, not somebody else's", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const answer = inPieces();
  const outcome = send("POST", "/api/sync", {});
  await answer.settled();
  await answer.next('{"changes": [');
  mock.timers.tick(15_001);
  assert.deepEqual(await outcome, { kind: "timeout" });
});

test("an answer that drips is given up after five minutes", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const answer = inPieces();
  const outcome = send("POST", "/api/sync", {});
  await answer.settled();
  for (let waited = 0; waited <= 300_000; waited += 10_000) {
    await answer.next(" ").catch(() => {});
    mock.timers.tick(10_000);
  }
  assert.equal((await outcome).kind, "timeout");
});

test("a connection that breaks half-way is the network's fault", async () => {
  globalThis.fetch = async () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.error(new TypeError("terminated")),
      }),
      { headers: { "content-type": "application/json" } },
    );
  assert.equal((await send("GET", "/api/session")).kind, "network");
});

test("a large body has the time a slow network takes for it", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let stopped = false;
  globalThis.fetch = (_path, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => {
        stopped = true;
        reject(signal.reason);
      });
    });
  const outcome = send("POST", "/api/sync", { note: "x".repeat(200_000) });
  mock.timers.tick(60_000);
  assert.equal(stopped, false);
  mock.timers.tick(10_000);
  assert.equal((await outcome).kind, "timeout");
});
