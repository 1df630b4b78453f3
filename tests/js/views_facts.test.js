/** What is shared with a landlord, on the phone: the preview by the server's own examples, who shares and stops, what a landlord sees. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { markup, words } from "./_screen.js";
import { ME, MONA, TEAM, aState, entry, hoursAgo, unwatched } from "./_state.js";
import { vectors } from "./_vectors.js";

const { factWords, landlordsOf, told } = await import("../../fieldapp/static/js/views/facts.js");
const { sharing } = await import("../../fieldapp/static/js/views/sharing.js");
const { FORMS, bodyOf, contextOf, problems } = await import("../../fieldapp/static/js/views/forms.js");
const { logView } = await import("../../fieldapp/static/js/views/log.js");

const LARS = "00000000-0000-7000-8000-00000000000c";
const kari = unwatched("c", "Kari L.");
const NOW = Date.parse("2026-11-24T11:47:00Z");

for (const { name, what, cases, contract_end_on: ends, expect, words: said } of vectors("facts").cases)
  test(`a landlord is told: ${name}`, () => {
    assert.deepEqual(told(what, cases, ends), expect);
    assert.equal(factWords(what, expect, NOW), said);
  });

function state(role = "leader", more = {}) {
  const made = aState({ clients: [kari], ...more });
  made.me.role = role;
  made.staff.set(LARS, { id: LARS, name: "Lars", role: "landlord", team_ids: [TEAM] });
  made.staff.set("x", { id: "x", name: "Fremmed", role: "landlord", team_ids: ["another"] });
  const fact = { id: "f", client_id: "c", staff_id: LARS, what: "rent_owed", shared_by: MONA, shared_at: hoursAgo(2) };
  made.facts = new Map([
    ["f", { ...fact, until_on: "2026-12-01", amount_nok: "100.00", on: null, by_on: null, handled: null }],
  ]);
  return made;
}

test("the form shows exactly the sentence, and offers the landlords of the client's teams alone", () => {
  const rent = {
    id: "r",
    client_id: "c",
    kind: "rent",
    status: "open",
    opened_at: hoursAgo(9),
    facts: { amount_nok: "14250.00" },
  };
  const one = state("leader", { cases: [rent] });
  assert.deepEqual(
    landlordsOf(one, kari).map(({ id }) => id),
    [LARS],
  );
  const ctx = contextOf(one, { client: "c" });
  const values = { ...FORMS.fact_shared.preset(ctx), what: "rent_owed" };
  const drawn = words(
    logView(one, { query: { type: "fact_shared", client: "c" }, form: { values, errors: {} }, found: [] }),
  );
  assert.ok(drawn.includes("«Skylder 14 250,00 kr i husleie.»"), drawn);
  const law = { ...values, basis: "law", basis_words: "sosialtjenesteloven § 44" };
  assert.deepEqual(problems(FORMS.fact_shared, law, ctx), {});
  assert.deepEqual(bodyOf(FORMS.fact_shared, law, ctx), {
    what: "rent_owed",
    to_staff_ids: [LARS],
    basis: "law",
    basis_words: "sosialtjenesteloven § 44",
  });
});

test("what gives the right to share is asked, and only consents that stand are offered", () => {
  const consent = (id, more) => ({
    id,
    client_id: "c",
    kind: "consent",
    words: "Ja",
    party: "Huseier",
    purpose: id,
    ...more,
  });
  const agreements = [
    consent("leia"),
    consent("gammel", { withdrawn_at: hoursAgo(1) }),
    consent("andre", { client_id: "d" }),
    { ...consent("annen"), kind: "service" },
  ];
  const asked = (one, values) =>
    words(logView(one, { query: { type: "fact_shared", client: "c" }, form: { values, errors: {} }, found: [] }));
  const one = state();
  one.agreements = new Map(agreements.map((agreement) => [agreement.id, agreement]));
  const ctx = contextOf(one, { client: "c" });
  const values = { ...FORMS.fact_shared.preset(ctx), what: "rent_owed" };
  assert.deepEqual(Object.keys(problems(FORMS.fact_shared, values, ctx)), ["basis"]);
  const drawn = asked(one, { ...values, basis: "consent" });
  assert.ok(drawn.includes("Huseier: leia"), drawn);
  for (const other of ["gammel", "andre", "annen", "Samme tjeneste"]) assert.ok(!drawn.includes(other), other);
  assert.ok(
    asked(state(), { ...values, basis: "consent" }).includes("Brukeren har ikke gitt noe samtykke som er ført."),
  );
  assert.deepEqual(bodyOf(FORMS.fact_shared, { ...values, basis: "consent", agreement_id: "leia" }, ctx), {
    what: "rent_owed",
    to_staff_ids: [LARS],
    basis: "consent",
    agreement_id: "leia",
  });
});

test("the leader stops it in one tap, and at once on this phone", () => {
  const one = state();
  assert.match(markup(sharing(one, kari)), /fact_unshared/);
  const body = { what: "rent_owed", to_staff_ids: [LARS] };
  const waiting = [entry("e", "c", "fact_unshared", 0, body, { local: "pending", author_id: ME })];
  const after = state("leader", { entries: waiting });
  assert.ok(!words(sharing(after, kari)).includes("100,00"));
});

test("a colleague who is not the primary contact sees what is shared and can't stop it", () => {
  const one = state("fieldworker");
  const theirs = { ...kari, primary_staff_id: MONA };
  assert.ok(words(sharing(one, theirs)).includes("Skylder 100,00 kr i husleie."));
  assert.ok(!markup(sharing(one, theirs)).includes("fact_unshared"));
  assert.ok(!markup(sharing(one, theirs)).includes("type=fact_shared"));
});

test("a landlord sees «Delt med deg» and no button", () => {
  const drawn = sharing(state("landlord"), kari);
  assert.ok(words(drawn).includes("Delt med deg"));
  assert.ok(words(drawn).includes("Skylder 100,00 kr i husleie."));
  assert.ok(!markup(drawn).includes("button"));
});
