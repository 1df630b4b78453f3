/** What the card offers to log, in groups, and what it asks of whoever comes back from a call. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { ENTRY_TYPES } from "../../fieldapp/static/js/core/entry_types.js";
import { clientView } from "../../fieldapp/static/js/views/client.js";
import { cardMenu } from "../../fieldapp/static/js/views/menu.js";
import { aState, unwatched } from "./_state.js";

const kari = unwatched("c", "Kari L.", { phone: "900 00 001" });
const as = (role, client = kari) => {
  const state = aState({ clients: [client] });
  return { ...state, me: { ...state.me, role } };
};
const card = (state, more = {}) => markup(clientView(state, { id: "c", ...more }));

test("what can be logged stands in three groups, and only what the role may write", () => {
  assert.deepEqual(
    cardMenu("fieldworker").map((group) => group.words),
    ["Kontakt", "Hjem og økonomi", "Fravær og hendelser"],
  );
  for (const role of ["fieldworker", "leader", "peer", "landlord"]) {
    const types = cardMenu(role).flatMap((group) => group.types);
    assert.ok(
      types.every((type) => ENTRY_TYPES[type].roles.includes(role)),
      role,
    );
    assert.equal(new Set(types).size, types.length, role);
  }
  assert.ok(cardMenu("landlord").every((group) => group.types.length));
  assert.match(
    words(clientView(as("fieldworker"), { id: "c" })),
    /Før Kontakt .*Nei i døra.* Hjem og økonomi .* Fravær og hendelser/,
  );
  assert.doesNotMatch(words(clientView(as("landlord"), { id: "c" })), /Nei i døra|Låste oss inn/);
});

test("back from a call the card asks how it went, and one tap says it", () => {
  const page = card(as("fieldworker"), { called: "c" });
  assert.match(page, /Ringte du Kari L\.\?/);
  const bodies = [...page.matchAll(/data-tap=(\{"type":"call_logged".*?\}) ?>/g)].map(([, tap]) => JSON.parse(tap));
  assert.deepEqual(
    bodies.map(({ body, client }) => [client, body]),
    ["spoke", "no_answer"].map((outcome) => ["c", { direction: "out", outcome, with: "client" }]),
  );
  assert.match(page, /Ringte ikke/);
});

test("nobody is asked who did not call this person, may log no call, or whose client is dead", () => {
  assert.doesNotMatch(card(as("fieldworker")), /Ringte du/);
  assert.doesNotMatch(card(as("fieldworker"), { called: "d" }), /Ringte du/);
  assert.doesNotMatch(card(as("landlord"), { called: "c" }), /Ringte du/);
  assert.doesNotMatch(card(as("fieldworker", { ...kari, deceased: true }), { called: "c" }), /Ringte du/);
  assert.match(card(as("peer")), /data-call=c/);
  assert.doesNotMatch(card(as("landlord")), /data-call=c/);
});
