/** Kinds of wrong words, held over all texts of the phone in all three languages, so that none comes back. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { options } from "../../fieldapp/static/js/texts/codes.js";
import en from "../../fieldapp/static/js/texts/en.js";
import nn from "../../fieldapp/static/js/texts/nn.js";
import { speak, t, tn } from "../../fieldapp/static/js/texts/t.js";
import { toldWords } from "../../fieldapp/static/js/views/alert_words.js";
import { caseReason, hasNextStep } from "../../fieldapp/static/js/views/case_words.js";
import { FORMS, contextOf, savedWords } from "../../fieldapp/static/js/views/forms.js";
import { longSpan, plainDate, sentences } from "../../fieldapp/static/js/views/words.js";
import { ME, MONA, NOW, aState, unwatched } from "./_state.js";

const JS = fileURLToPath(new URL("../../fieldapp/static/js/", import.meta.url));
const files = ["views", "ui"].flatMap((folder) => readdirSync(JS + folder).map((name) => `${folder}/${name}`));
const CODE = files.map((name) => [name, readFileSync(JS + name, "utf8")]);

// What may stand beside any number as it is: units, positions, and words that count nothing.
const NO_NOUN = [
  /^\{n\} (t|d|min|døgn|treff|haster|hentet til nå|i teamene dine)$/,
  /^Om \{n\} t$/,
  /^Vis alle \{n\}$/,
  /^\{n\}\. etg\.$/,
];

test("a count stands beside its noun by way of one text for one and another for many", () => {
  const bare = CODE.flatMap(([name, code]) =>
    [...code.matchAll(/\bt\([^"]*?"([^"]*\{n\}[^"]*)"/g)].map(([, text]) => [name, text]),
  );
  assert.deepEqual(
    bare.filter(([, text]) => !NO_NOUN.some((fine) => fine.test(text))),
    [],
  );
  const ones = CODE.flatMap(([, code]) => [...code.matchAll(/\btn\([^"]*?"([^"]*)"/g)].map(([, text]) => text));
  assert.ok(ones.length > 10);
  assert.deepEqual(
    ones.filter((text) => text.includes("{n}")),
    [],
  );
});

test("one is one, and none is many", async () => {
  const words = (n) => tn(n, "1 notat venter på å bli sendt.", "{n} notater venter på å bli sendt.");
  assert.deepEqual([0, 1, 2].map(words), [
    "0 notater venter på å bli sendt.",
    "1 notat venter på å bli sendt.",
    "2 notater venter på å bli sendt.",
  ]);
  assert.deepEqual([longSpan(60_000), longSpan(3_600_000), longSpan(7_200_000)], ["1 minutt", "1 time", "2 timer"]);
  await speak("en");
  assert.equal(words(1), en["1 notat venter på å bli sendt."]);
  await speak("nb");
});

for (const [language, table] of Object.entries({ nb: null, nn, en })) {
  test(`a date before a full stop is followed by one, in every text: ${language}`, async () => {
    await speak(language);
    const day = plainDate("2026-12-29", NOW);
    for (const nb of Object.keys(nn).concat(Object.keys(table ?? {}))) {
      const holes = Object.fromEntries([...nb.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, day]));
      assert.ok(!/\.\./.test(t(nb, holes)), t(nb, holes));
    }
    await speak("nb");
  });
}

test("sentences end once, whatever they end with", () => {
  assert.equal(
    sentences("hos Kari L., Storgata 3", "Hund i gangen!", "ring først", "", null, "29. des."),
    "Hos Kari L., Storgata 3. Hund i gangen! Ring først. 29. des.",
  );
});

// Bokmål that is not nynorsk: said so in nynorsk's own word lists. «nå» (reach) and «han» (a person) are both.
const BOKMÅL =
  "ikke jeg hvem hva hvor hvordan hvorfor hvilke noe noen mye fra dem se sier gjør være hun selv siden vet navn dager minutter notater varsler brukeren brukere krisen husleie oppfølgingen kommer trenger venter uke uker måneder timer åpne åpner lese skrive gjelder ringer hjemme".split(
    " ",
  );
const BOTH = new Set(["timer", "skrive", "lese"]);

test("nynorsk is nynorsk", () => {
  const wrong = new RegExp(`(?<!\\p{L})(${BOKMÅL.filter((word) => !BOTH.has(word)).join("|")})(?!\\p{L})`, "iu");
  assert.deepEqual(
    Object.values(nn).filter((text) => wrong.test(text)),
    [],
  );
  assert.equal(nn["Jeg tar den"], "Eg tek det");
});

const ctx = contextOf(aState({ clients: [unwatched("c", "Kari")] }), { client: "c" }, () => "minted");
const CHOICES = {
  concern_raised: ["urgency", "urgency"],
  visit_logged: ["outcome", "visit_outcome"],
  call_logged: ["outcome", "call_outcome"],
  sighting_reported: ["what", "sighting"],
  absence_started: ["kind", "absence_kind"],
  follow_up_ended: ["reason", "follow_up_reason"],
  crisis_closed: ["outcome", "crisis_outcome"],
  alert_resolved: ["outcome", "alert_outcome"],
};
const ASKS_TO = /^(avslutt|rett|gi|utsett|tilby|ta|legg|meld|lagre|forleng|følges|start|hva) /;

test("a toast says what was saved: no bare choice, and no order to save it", () => {
  for (const form of Object.values(FORMS)) {
    const [name, list] = CHOICES[form.key ?? form.type] ?? [];
    for (const code of list ? options(list).map(([code]) => code) : [null]) {
      const words = savedWords(form, name ? { [name]: code } : {}, ctx);
      assert.ok(!ASKS_TO.test(`${words} `), `${form.key ?? form.type}: ${words}`);
      assert.ok(
        !["nå", "i dag", "tavla", "død", "annet", "har sett", "flyttet"].includes(words),
        `${form.key ?? form.type}: ${words}`,
      );
    }
  }
});

test("nobody is told of oneself that one was not reached", () => {
  const state = aState();
  const told = [
    { staff_id: ME, how: "no_device" },
    { staff_id: MONA, how: "no_device" },
  ];
  assert.equal(toldWords(state, told), "Ikke nådd: Mona.");
  assert.equal(toldWords(state, told.slice(0, 1)), "");
});

test("a case without a next step says so, and is not «åpen» as one", () => {
  const one = { kind: "complaint", status: "open", facts: {} };
  assert.equal(hasNextStep(one), false);
  assert.equal(caseReason(one, NOW), "neste steg er ikke valgt");
});
