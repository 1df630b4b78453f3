/** The phone reads the contract as the server does: every vector of sync/vectors that a phone has a part in. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { aServer, freshPhone, json, KARI, signIn } from "./_phone.js";
import { orders, vectors } from "./_vectors.js";
import { clockTimeMs, correctedMs } from "../../fieldapp/static/js/core/replica/clock.js";
import { makeEntry } from "../../fieldapp/static/js/core/send/envelope.js";
import { flush } from "../../fieldapp/static/js/core/send/flush.js";
import { edit, merge, values } from "../../fieldapp/static/js/core/replica/merge.js";
import { rowsOf, save } from "../../fieldapp/static/js/core/send/outbox.js";
import { me } from "../../fieldapp/static/js/core/session.js";
import { cleanName, isName } from "../../fieldapp/static/js/core/names.js";
import { judged } from "../../fieldapp/static/js/core/send/verdicts.js";

for (const { name, edits, expect } of vectors("merges").cases) {
  test(`merging: ${name}`, () => {
    const fields = edits.map((one) => edit(one.values, one.stamp));
    for (const order of orders(fields)) {
      assert.deepEqual(values(merge(order)), expect);
      assert.deepEqual(values(merge([merge(order.slice(0, 1)), merge(order), ...order])), expect);
    }
  });
}

for (const { name, text, clean, is_name: ok } of vectors("names").cases) {
  test(`a name: ${name}`, () => {
    assert.equal(cleanName(text), clean);
    assert.equal(isName(text), ok);
  });
}

for (const { name, sent_at: sentAt, received_at: receivedAt, expect, ...entry } of vectors("clocks").cases) {
  test(`the time of an entry: ${name}`, () => {
    assert.equal(correctedMs(entry), Date.parse(expect.corrected_at));
    assert.equal(clockTimeMs(entry, Date.parse(sentAt), Date.parse(receivedAt)), Date.parse(expect.clock_at));
  });
}

const { answers, verdicts } = vectors("answers");

/** @param {any} answer */
function respond(answer) {
  if (!answer) throw new TypeError("no network");
  const { status, content_type: type, body, headers = {} } = answer;
  return new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "Content-Type": type, ...headers },
  });
}

for (const { name, answer, outcome } of answers) {
  test(`an answer: ${name}`, async () => {
    await freshPhone();
    const server = aServer();
    await signIn("alice", "riktig");
    server.keys.clear();
    server.script = [() => respond(answer)];
    assert.equal((await flush()).kind, outcome);
  });
}

for (const { name, verdict, state } of verdicts) {
  test(`a verdict: ${name}`, () => {
    const after = judged(
      { id: verdict.id, device_seq: 1, author_id: "a", state: "pending", saved_at: 0, sealed: {} },
      verdict,
      false,
    );
    assert.equal(after === null ? "gone" : (after?.state ?? "pending"), state);
  });
}

test("an answer that is not ok leaves the outbox as it was, row by row", async () => {
  const carries = (one) => ["ok", "refused", "too_large"].includes(one.outcome) || one.answer?.body?.signed_out;
  for (const { answer } of answers.filter((one) => !carries(one))) {
    await freshPhone();
    const server = aServer();
    await signIn("alice", "riktig");
    await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
    const before = await rowsOf((await me()).id);
    server.script = Array(2).fill(() => respond(answer));
    await flush();
    assert.deepEqual(await rowsOf((await me()).id), before);
  }
});

test("what makes an entry’s content is sent on again unchanged", async () => {
  await freshPhone();
  const server = aServer();
  await signIn("alice", "riktig");
  await save(makeEntry("visit_logged", { outcome: "seen" }, { clientId: KARI }));
  const sent = [];
  const lose = (request) => {
    sent.push(request.body.entries[0]);
    return json({ code: "unavailable", message: "" }, 503);
  };
  server.script = [lose, lose];
  await flush();
  await flush();
  assert.deepEqual(sent[0], sent[1]);
});
