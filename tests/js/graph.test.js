/** Arrows only go right: field.js, sw → screens → ui → views → core → vendor (behaviours may read a screen's tables). Read from the import lines themselves. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../fieldapp/static/", import.meta.url));
const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+["']([^"']+)["']|(?:^|\n)import\s+["']([^"']+)["']/g;
const MAY = {
  core: ["core", "vendor"],
  texts: ["texts", "core"],
  views: ["views", "texts", "core", "vendor"],
  ui: ["ui", "views", "texts", "core", "vendor"],
  sw: ["sw", "core"],
  screens: ["ui", "views"],
  "field.js": ["screens", "ui", "views", "texts", "core", "vendor"],
  "office.js": ["ui", "texts", "vendor"],
};

/** @param {string} folder @returns {string[]} */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => path.endsWith(".js") && statSync(path).isFile());

const FILES = filesIn(join(ROOT, "js"));
const layer = (/** @type {string} */ path) =>
  relative(ROOT, path)
    .replace(/^js[/\\]/, "")
    .split(/[/\\]/)[0];
const importsOf = (/** @type {string} */ path) =>
  [...readFileSync(path, "utf8").matchAll(IMPORT)].map((match) => match[1] ?? match[2]);

test("every import is relative and names its file, since a service worker has no import maps", () => {
  for (const path of FILES)
    for (const target of importsOf(path))
      assert.match(target, /^\.\.?\/.*\.js$/, `${relative(ROOT, path)} imports ${target}`);
});

test("every imported file of ours is there", () => {
  for (const path of FILES) {
    for (const target of importsOf(path).filter((name) => !name.includes("/vendor/")))
      assert.ok(FILES.includes(join(dirname(path), target)), `${relative(ROOT, path)} imports ${target}`);
  }
});

test("arrows only go right", () => {
  for (const path of FILES) {
    const from = layer(path);
    assert.ok(from in MAY, `${relative(ROOT, path)} belongs to no layer`);
    for (const target of importsOf(path)) {
      const to = layer(join(dirname(path), target));
      assert.ok(
        /** @type {any} */ (MAY)[from].includes(to),
        `${relative(ROOT, path)} (${from}) imports ${target} (${to})`,
      );
    }
  }
});

test("the rooms of the core: replica → send → what stands beside them", () => {
  const CORE = join(ROOT, "js/core");
  const rank = (/** @type {string} */ path) =>
    ["replica", "send"].indexOf(relative(CORE, path).split(/[/\\]/)[0]) >>> 0;
  for (const path of filesIn(CORE))
    for (const target of importsOf(path).filter((name) => !name.includes("/vendor/"))) {
      const to = join(dirname(path), target);
      assert.ok(rank(path) <= rank(to), `${relative(CORE, path)} imports ${relative(CORE, to)}`);
    }
});

test("no circle of imports in the core", () => {
  const done = new Set();
  const walk = (/** @type {string} */ path, /** @type {string[]} */ above) => {
    assert.ok(!above.includes(path), `a circle through ${relative(ROOT, path)}`);
    if (done.has(path) || !FILES.includes(path)) return;
    for (const target of importsOf(path)) walk(join(dirname(path), target), [...above, path]);
    done.add(path);
  };
  for (const path of FILES) walk(path, []);
});

test("the core touches no page: no document, no DOM", () => {
  const dom = /\b(querySelector|innerHTML|createElement|getElementById|localStorage|sessionStorage)\b/;
  for (const path of FILES.filter((one) => ["core", "sw"].includes(layer(one))))
    assert.doesNotMatch(readFileSync(path, "utf8"), dom, relative(ROOT, path));
});

test("modules stay small", () => {
  for (const path of FILES.filter((one) => ["core", "sw"].includes(layer(one)))) {
    const lines = readFileSync(path, "utf8").split("\n").length;
    assert.ok(lines <= 240, `${relative(ROOT, path)} has ${lines} lines`);
  }
});

test("what I dag needs names no list of codes that comes with another screen", async () => {
  const { CODE_WORDS } = await import("../../fieldapp/static/js/texts/code_words.js");
  const needed = new Set();
  const visit = (/** @type {string} */ path) => {
    if (needed.has(path) || !FILES.includes(path)) return;
    needed.add(path);
    for (const target of importsOf(path)) visit(join(dirname(path), target));
  };
  visit(join(ROOT, "js/field.js"));
  for (const path of needed) {
    const named = readFileSync(path, "utf8").matchAll(/\b(?:label|options|list)\(\s*"(\w+)"/g);
    for (const [, list] of named) assert.ok(list in CODE_WORDS, `${relative(ROOT, path)} shows ${list}`);
  }
});
