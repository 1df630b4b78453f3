/** Nynorsk and English say everything the bokmål says. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { CODE_WORDS as FIRST_WORDS } from "../../fieldapp/static/js/texts/code_words.js";
import { MORE_WORDS } from "../../fieldapp/static/js/texts/code_words_more.js";
import en from "../../fieldapp/static/js/texts/en.js";
import nn from "../../fieldapp/static/js/texts/nn.js";
import { lower, speak, t } from "../../fieldapp/static/js/texts/t.js";
import { FORMS } from "../../fieldapp/static/js/views/forms.js";

const CODE_WORDS = { ...FIRST_WORDS, ...MORE_WORDS };

const JS = fileURLToPath(new URL("../../fieldapp/static/js/", import.meta.url));
const COUNTED =
  /\btn\([^"]*?"((?:[^"\\]|\\.)*)",\s*(?:[^"()]*?\?\s*)?"((?:[^"\\]|\\.)*)"(?:\s*:\s*"((?:[^"\\]|\\.)*)")?/g;
const LITERAL = /\b[tN]\(\s*(?:[^"()]*\?\s*)?"((?:[^"\\]|\\.)*)"(?:\s*:\s*"((?:[^"\\]|\\.)*)")?/g;

function inCode() {
  const files = ["views", "ui"].flatMap((folder) => readdirSync(JS + folder).map((name) => `${JS}${folder}/${name}`));
  const code = files.map((path) => readFileSync(path, "utf8")).join("\n");
  return [...code.matchAll(LITERAL), ...code.matchAll(COUNTED)].flatMap((match) => match.slice(1)).filter(Boolean);
}

function inForms() {
  const field = ({ label, hint, placeholder, warn, denied, says = {}, choices = [] }) => [
    label,
    hint,
    placeholder,
    warn,
    denied,
    ...Object.values(says),
    ...choices.map((pair) => pair[1]),
  ];
  const form = ({ title, save, saved, hint, moreLabel, fields, more = [] }) => [
    title,
    save,
    saved,
    hint,
    moreLabel,
    ...[...fields, ...more].flatMap(field),
  ];
  return Object.values(FORMS)
    .flatMap(form)
    .filter((text) => typeof text === "string");
}

const WORDS = Object.values(CODE_WORDS).flatMap((list) => Object.values(list));

/** The texts of the phone that the language's file translates: its own, and the words of codes. @param {string} language */
function inCatalogue(language) {
  const file = readFileSync(`${JS}../../translations/${language}/LC_MESSAGES/messages.po`, "utf8");
  const found = [...file.matchAll(/(msgctxt "phone"\n)?msgid ("(?:[^"\\]|\\.)+")\n/g)];
  const text = (/** @type {RegExpMatchArray} */ match) => JSON.parse(match[2]);
  const office = new Set(found.filter((match) => !match[1]).map(text));
  return new Set([...found.filter((match) => match[1]).map(text), ...WORDS.filter((word) => office.has(word))]);
}

const ALL = [...new Set([...inCode(), ...inForms(), ...WORDS])];
const holes = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();

for (const [language, table] of Object.entries({ nn, en })) {
  test(`${language} has every text`, () => {
    const known = inCatalogue(language);
    assert.deepEqual(
      ALL.filter((text) => !known.has(text)),
      [],
    );
  });

  test(`${language} has nothing left over`, () => {
    const used = new Set(ALL);
    assert.deepEqual(
      [...Object.keys(table), ...inCatalogue(language)].filter((text) => !used.has(text)),
      [],
    );
  });

  test(`${language} keeps the holes of each text`, () => {
    for (const [nb, other] of Object.entries(table)) assert.equal(holes(other), holes(nb), nb);
  });
}

test("a text is spoken in the chosen language, and an unknown language is bokmål", async () => {
  await speak("nn");
  assert.equal(t("Jeg tar den"), nn["Jeg tar den"]);
  await speak("tlh");
  assert.equal(t("sett for {span} siden", { span: "21 t" }), "sett for 21 t siden");
});

test("an abbreviation keeps its capitals inside a sentence", () => {
  assert.equal(lower("Traff"), "traff");
  assert.equal(lower("LAR-utlevering"), "LAR-utlevering");
});
