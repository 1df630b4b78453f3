/** How times, lengths, money and the law's dates are put into words. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { legalDates } from "../../fieldapp/static/js/views/tenancy.js";
import { dueBy, kroner, longSpan, seenAgo, span, stopwatch, when } from "../../fieldapp/static/js/views/words.js";
import { parseKroner } from "../../fieldapp/static/js/views/money.js";
import { NOW, hoursAgo } from "./_state.js";

const HOUR = 3_600_000;
const at = (iso) => Date.parse(iso);

test("a time today is a clock, yesterday and tomorrow are named, a week ahead is a weekday, the rest a date", () => {
  assert.equal(when(at("2026-11-24T08:10:00Z"), NOW), "09.10");
  assert.equal(when(at("2026-11-23T08:10:00Z"), NOW), "i går 09.10");
  assert.equal(when(at("2026-11-25T07:00:00Z"), NOW), "i morgen 08.00");
  assert.equal(when(at("2026-11-27T07:00:00Z"), NOW), "fredag 08.00");
  assert.equal(when(at("2026-12-02T07:00:00Z"), NOW), "2. des. 08.00");
  assert.equal(when(at("2025-12-02T07:00:00Z"), NOW), "2. des. 2025 08.00");
});

test("midnight in Oslo, not in London, parts the days", () => {
  assert.equal(when(at("2026-11-23T23:30:00Z"), NOW), "00.30");
  assert.equal(when(at("2026-11-23T22:30:00Z"), NOW), "i går 23.30");
});

test("how long ago is said in minutes, then hours up to two days, then days", () => {
  assert.equal(seenAgo(hoursAgo(0.01), NOW), "sett nå nettopp");
  assert.equal(seenAgo(hoursAgo(0.2), NOW), "sett for 12 min siden");
  assert.equal(seenAgo(hoursAgo(21.9), NOW), "sett for 21 t siden");
  assert.equal(seenAgo(hoursAgo(47.9), NOW), "sett for 47 t siden");
  assert.equal(seenAgo(hoursAgo(49), NOW), "sett for 2 d siden");
  assert.equal(seenAgo(null, NOW), "ikke sett ennå");
  assert.equal(span(30_000), "1 min");
});

test("an alert says the whole length", () => {
  assert.equal(longSpan(24.6 * HOUR), "24 timer");
  assert.equal(longSpan(49.2 * HOUR), "2 døgn og 1 t");
  assert.equal(longSpan(72 * HOUR), "3 døgn");
});

test("before the time it is by when, after it what should have been", () => {
  assert.equal(dueBy("2026-11-24T13:05:00Z", NOW), "innen 14.05");
  assert.equal(dueBy("2026-11-24T08:10:00Z", NOW), "skulle vært sett innen 09.10");
});

test("the crisis clock counts minutes and seconds, and hours when it must", () => {
  assert.equal(stopwatch(252_000), "04.12");
  assert.equal(stopwatch(HOUR + 252_000), "1.04.12");
  assert.equal(stopwatch(-5), "00.00");
});

test("money is read as people write it and kept to the øre", () => {
  for (const text of ["14250", "14 250", "14.250", "14 250,00", "14.250,00 kr"])
    assert.equal(Number(parseKroner(text)), 14250, text);
  assert.equal(parseKroner("14 250,5"), "14250.50");
  assert.equal(parseKroner("ca. 14 000"), null);
  assert.equal(kroner("14250.00"), "14\u00a0250,00 kr");
});

test("two weeks after the warning was sent something can happen, and the sending goes before the letter's own date", () => {
  const [date] = legalDates([{ kind: "eviction_notice", dated_on: "2026-11-01", sent_on: "2026-11-03" }]);
  assert.equal(date.on, "2026-11-17");
  assert.equal(date.mustAnswer, false);
  assert.match(date.words, /^Kan begjæres fra tirsdag 17\. nov\./);
});

test("the bailiff is answered two weeks after the letter came, an oppsigelse a month after", () => {
  const dates = legalDates([
    { kind: "termination", received_on: "2027-01-31" },
    { kind: "bailiff_letter", dated_on: "2026-11-18" },
  ]);
  assert.deepEqual(
    dates.map((one) => [one.on, one.mustAnswer]),
    [
      ["2026-12-02", true],
      ["2027-02-28", true],
      ["2027-05-31", false],
    ],
  );
});

test("a letter without a date, or that starts no clock, gives no date", () => {
  assert.deepEqual(legalDates([{ kind: "eviction_notice" }, { kind: "reminder", dated_on: "2026-11-18" }]), []);
});
