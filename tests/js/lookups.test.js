/** What anybody may write in an address, or a server send, is looked up in tables: what every object has is not in them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { degreeOf } from "../../fieldapp/static/js/core/replica/contact.js";
import { RULES } from "../../fieldapp/static/js/core/replica/fold/index.js";
import { label } from "../../fieldapp/static/js/texts/codes.js";
import { language, speak, t } from "../../fieldapp/static/js/texts/t.js";
import { entryDetail } from "../../fieldapp/static/js/views/entry_detail.js";
import { entryTitle } from "../../fieldapp/static/js/views/entry_words.js";
import { FORMS } from "../../fieldapp/static/js/views/forms.js";

const INHERITED = [
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "__defineGetter__",
  "isPrototypeOf",
  "nonsense",
];

for (const name of INHERITED) {
  test(`${name} is no form: the address leads to the menu`, () => {
    assert.equal(FORMS[name], undefined);
  });

  test(`${name} is no type of entry, code or language`, async () => {
    const entry = { id: "e", type: name, body: { outcome: name }, occurred_at: "2026-11-24T09:00:00Z" };
    assert.equal(degreeOf(entry), "none");
    assert.equal(RULES[name], undefined);
    assert.equal(typeof entryTitle(entry), "string");
    assert.equal(entryDetail(entry), "");
    assert.equal(entryTitle({ ...entry, type: "visit_logged" }).includes("native code"), false);
    assert.equal(label("role", name), name);
    assert.equal(label(name, "x"), "x");
    assert.equal(t(name), name);
    await speak(name);
    assert.equal(language(), "nb");
  });
}
