/** What was held back says why, in words: never a bare code for what the sealing may answer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { words } from "./_screen.js";
import { aState, entry, unwatched } from "./_state.js";
import { speak } from "../../fieldapp/static/js/texts/t.js";

const { moreView } = await import("../../fieldapp/static/js/views/more.js");

/** @param {string} code */
function page(code) {
  const state = aState({ clients: [unwatched("c", "Kari L.")] });
  const held = [{ id: "e", state: "deferred", code, entry: entry("e", "c", "visit_logged", 1, { outcome: "seen" }) }];
  return words(moreView({ ...state, outbox: { ...state.outbox, held } }, {}));
}

test("what the server could not open says that it is safe, and what becomes of it", async () => {
  const said = {
    nb: ["fikk ikke åpnet det. Det ligger trygt", "har ikke nøkkelen"],
    nn: ["fekk ikkje opna det. Det ligg trygt", "har ikkje nøkkelen"],
    en: ["could not open it. It is safe", "does not have the key"],
  };
  for (const [language, [unreadable, unknown]] of Object.entries(said)) {
    await speak(language);
    assert.ok(page("unreadable").includes(unreadable), language);
    assert.ok(page("unknown_key").includes(unknown), language);
    assert.doesNotMatch(page("unreadable") + page("unknown_key"), /unreadable|unknown_key/);
  }
  await speak("nb");
});
