/** What counts as contact and how the last one reads: by the vectors the server is held to as well. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { vectors } from "./_vectors.js";
import { degreeOf, stopsClock } from "../../fieldapp/static/js/core/replica/contact.js";
import { alertTitle } from "../../fieldapp/static/js/views/alert_words.js";
import { entryTitle } from "../../fieldapp/static/js/views/entry_words.js";
import { lastContact } from "../../fieldapp/static/js/views/people.js";
import {
  contactAgo,
  lastWords,
  longSpan,
  seenAgo,
  span,
  watchAgo,
  when,
} from "../../fieldapp/static/js/views/words.js";
import { MONA, NOW, aState, entry, hoursAgo, watched } from "./_state.js";

const { degrees, counting, words, missing, titles } = vectors("contacts");

for (const { name, degree, dies = false, ...one } of degrees) {
  test(`a degree of contact: ${name}`, () =>
    assert.equal(degreeOf({ ...one, client_id: "c" }), dies ? "dead" : degree));
}

for (const { name, counts, sources, stops, ...one } of counting) {
  test(`what counts: ${name}`, () => assert.equal(stopsClock({ ...one, client_id: "c" }, { counts, sources }), stops));
}

for (const { name, degree, minutes, ago, last } of words) {
  test(`the last contact in words: ${name}`, () => {
    const at = minutes === null ? null : new Date(NOW - minutes * 60_000).toISOString();
    assert.equal(seenAgo(at, NOW, degree), ago.replace("{span}", span((minutes ?? 0) * 60_000)));
    const state = aState();
    if (last)
      assert.equal(
        lastWords(state, { degree, at: Date.parse(at), who: MONA }),
        last.replace("{when}", when(Date.parse(at), NOW)).replace("{who}", "Mona"),
      );
  });
}

for (const { name, counts, words: said, never } of missing) {
  test(`an alert says what has been missing: ${name}`, () => {
    const client = { ...watched("c", "Even B.", 49), watch: { mode: "interval", counts } };
    const title = (since) =>
      alertTitle(aState({ clients: [client] }), { kind: "not_seen", client_id: "c", unseen_since_at: since });
    assert.equal(title(hoursAgo(49)), said.replace("{name}", "Even B.").replace("{span}", longSpan(49 * 3_600_000)));
    assert.equal(title(null), never.replace("{name}", "Even B."));
  });
}

for (const { name, title, ...one } of titles) {
  test(`a title: ${name}`, () => assert.equal(entryTitle(one), title));
}

test("a clock that a call has wound is not said to be of somebody seen", () => {
  const client = watched("c", "Kari", 47);
  const of = (watch, entries = []) =>
    watchAgo(aState({ clients: [{ ...client, watch: { ...client.watch, ...watch } }], entries }), {
      ...client,
      watch: { ...client.watch, ...watch },
    });
  assert.equal(of({ counts: ["seen", "heard"], last_seen_as: "heard" }), "hørt fra for 47 t siden");
  assert.equal(of({ counts: ["seen", "reported"], last_seen_as: "reported" }), "meldt sett for 47 t siden");
  assert.equal(of({ last_seen_as: "seen" }), "sett for 47 t siden");
  // Fetched before the server said which: from the entry, else only what the agreement leaves possible.
  assert.equal(
    of({ counts: ["seen", "heard"], last_seen_entry_id: "e" }, [
      entry("e", "c", "call_logged", 47, { outcome: "spoke", direction: "out" }),
    ]),
    "hørt fra for 47 t siden",
  );
  assert.equal(of({ counts: ["seen"] }), "sett for 47 t siden");
  assert.equal(of({ counts: ["seen", "heard"] }), "kontakt for 47 t siden");
});

test("whoever nobody has an agreement about is heard of in the true words too", () => {
  const entries = (type, body) => aState({ entries: [entry("e", "c", type, 20, body)] });
  const ago = (type, body) => contactAgo(lastContact(entries(type, body), "c"), NOW);
  assert.equal(ago("sighting_reported", { source: "pharmacy" }), "meldt sett for 20 t siden");
  assert.equal(ago("call_logged", { outcome: "spoke", direction: "out" }), "hørt fra for 20 t siden");
  assert.equal(ago("visit_logged", { outcome: "seen" }), "sett for 20 t siden");
});

test("«var sett, ikke ført» is a contact of when the person was seen, not of when it was told", () => {
  const told = entry("e2", "c", "alert_resolved", 0.1, { outcome: "was_seen", seen_at: hoursAgo(5), seen_by: "Per" });
  const call = entry("e1", "c", "call_logged", 3, { outcome: "spoke", direction: "out" });
  assert.equal(contactAgo(lastContact(aState({ entries: [told] }), "c"), NOW), "sett for 5 t siden");
  assert.equal(lastContact(aState({ entries: [told, call] }), "c").id, "e1");
});

test("what was corrected counts as it reads now", () => {
  const wrong = entry(
    "e",
    "c",
    "visit_logged",
    2,
    { outcome: "seen", place: "home" },
    { amended_body: { outcome: "not_home", place: "home" } },
  );
  assert.equal(degreeOf(wrong), "attempt");
  assert.equal(lastContact(aState({ entries: [wrong] }), "c"), null);
});
