/** What an agreement permits can be chosen, and is asked for, only where there is one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { TEAM, aState, entry, hoursAgo, unwatched, watched } from "./_state.js";

const { alertView } = await import("../../fieldapp/static/js/views/alert.js");
const { clientView } = await import("../../fieldapp/static/js/views/client.js");
const { logView } = await import("../../fieldapp/static/js/views/log.js");
const { FORMS, contextOf, problems } = await import("../../fieldapp/static/js/views/forms.js");
const { givenIn } = await import("../../fieldapp/static/js/views/forms.js");

const kari = (watch) => ({ ...watched("c", "Kari", 30), watch: { ...watched("c", "Kari", 30).watch, ...watch } });
const alert = {
  id: "a",
  kind: "not_seen",
  client_id: "c",
  team_id: TEAM,
  state: "open",
  owner: null,
  opened_at: hoursAgo(1),
};
const of = (watch, more = {}) => aState({ clients: [kari(watch)], alerts: [alert], ...more });
const form = (state) =>
  markup(logView(state, { query: { type: "home_entered", client: "c" }, form: { values: {}, errors: {} }, found: [] }));
const wrong = (state, values) =>
  problems(FORMS.home_entered, { reason: "x", found: "ok", ...values }, contextOf(state, { client: "c" }));

test("«Avtalen åpner for det» can be chosen where the agreement says so, and nowhere else", () => {
  assert.match(form(of({ may_enter: true, agreed: true })), /Avtalen åpner for det/);
  assert.doesNotMatch(form(of({ may_enter: false, agreed: true })), /Avtalen åpner for det/);
  assert.doesNotMatch(form(of({ agreed: false })), /Avtalen åpner for det/);
  assert.ok("ground" in wrong(of({ may_enter: false }), { ground: "agreement" }));
  assert.deepEqual(wrong(of({ may_enter: true }), { ground: "agreement" }), {});
});

test("an address or a draft can't choose it either", () => {
  assert.equal(
    givenIn(FORMS.home_entered, { ground: "agreement" }, contextOf(of({ may_enter: false }), { client: "c" })).ground,
    undefined,
  );
  assert.equal(
    givenIn(FORMS.home_entered, { ground: "agreement" }, contextOf(of({ may_enter: true }), { client: "c" })).ground,
    "agreement",
  );
});

test("an address chooses only what the form offers", () => {
  const ctx = contextOf(of({ may_enter: true }), { client: "c" });
  assert.deepEqual(givenIn(FORMS.visit_logged, { outcome: "constructor" }, ctx), {});
  assert.deepEqual(givenIn(FORMS.visit_logged, { outcome: "heard", tried: "rang" }, ctx), { outcome: "heard" });
  assert.deepEqual(givenIn(FORMS.home_entered, { tried: "rang,__proto__,waited" }, ctx), { tried: ["rang", "waited"] });
});

test("an agreement that ended since they went in was one when they did", () => {
  const no = entry("w", "c", "agreement_withdrawn", 1, { kind: "watch", how: "at_door" });
  const state = of(
    { may_enter: false },
    { entries: [no, entry("s", "c", "watch_set", 90, { mode: "interval", may_enter: true, reason: "x" })] },
  );
  assert.deepEqual(wrong(state, { ground: "agreement", _at: new Date(Date.parse(hoursAgo(2))).toISOString() }), {});
  assert.ok("ground" in wrong(state, { ground: "agreement" }));
});

test("the check has the agreement's own steps only where there is one", () => {
  const check = (watch) => words(alertView(of(watch), { id: "a" }));
  assert.match(
    check({ agreed: true, may_enter: true }),
    /Ring dem brukeren har sagt vi kan ringe.*Rop før dere låser opp/,
  );
  assert.match(check({ agreed: true, may_enter: false }), /Ring dem brukeren har sagt vi kan ringe/);
  assert.doesNotMatch(
    check({ agreed: true, may_enter: false }),
    /Rop før dere låser opp|avtalen om å låse seg inn er slutt/,
  );
  assert.doesNotMatch(check({ agreed: false }), /Ring dem brukeren har sagt vi kan ringe|Rop før dere låser opp/);
});

test("a clock nobody has asked about is not called an agreement", () => {
  const card = words(clientView(of({ agreed: false }), { id: "c" }));
  assert.doesNotMatch(card, /Avtale: hver/);
  assert.match(card, /Uten avtale: hver 24\. time/);
  assert.match(card, /Avtale mangler/);
  assert.match(words(clientView(of({ agreed: true }), { id: "c" })), /Avtale: hver 24\. time/);
});

test("a watch agreement can be taken back where there is one", () => {
  const kinds = (state) =>
    markup(
      logView(state, {
        query: { type: "agreement_withdrawn", client: "c" },
        form: { values: {}, errors: {} },
        found: [],
      }),
    );
  assert.match(kinds(of({ agreed: true })), /data-value=watch/);
  assert.doesNotMatch(kinds(of({ agreed: false })), /data-value=watch/);
  assert.doesNotMatch(kinds(aState({ clients: [unwatched("c", "Kari")] })), /data-value=watch/);
  assert.equal(FORMS.agreement_withdrawn.preset(contextOf(of({ agreed: false }), { client: "c" })).kind, undefined);
});
