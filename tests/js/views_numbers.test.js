/** Numbers to ring are links wherever they stand, and nothing else is taken for one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addressWords, splitNumbers } from "../../fieldapp/static/js/views/words.js";

const links = (text) => splitNumbers(text).filter((_, i) => i % 2);

test("each emergency number is a link, the legevakt's with its space", () => {
  assert.deepEqual(links("Ingen på vakt får dette. Ring 113 · 112 · 116 117."), ["113", "112", "116 117"]);
  assert.deepEqual(links("Er det akutt: ring 113. Brenner det: 110"), ["113", "110"]);
});

test("an amount, a paragraph, a clock and a house number are no numbers to ring", () => {
  for (const text of ["14 113,50 kr", "kl. 11.12", "Storgata 1130", "§ 4-112", "2113", "112.000"])
    assert.deepEqual(links(text), [], text);
});

test("an address is said as to 113: street, entrance, floor", () => {
  assert.equal(addressWords({ address: "Granveien 3", entrance: "B", floor: "3" }), "Granveien 3, inngang B, 3. etg.");
  assert.equal(addressWords({ address: "Granveien 3", floor: "H0302" }), "Granveien 3, H0302");
  assert.equal(addressWords({ address: null, entrance: "B" }), "");
});
