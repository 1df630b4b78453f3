/**
 * Builds the phone's files: minified, in a few chunks, from the ES modules of fieldapp/static into fieldapp/static/build.
 *
 * `node .ci/phone.mjs DIGEST [--show]`: DIGEST is that of the sources; it is written beside what is built, and the server
 * refuses files that were built from other sources. --show tells how large each file became.
 */
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const STATIC = resolve(dirname(fileURLToPath(import.meta.url)), "../fieldapp/static");
const OUT = join(STATIC, "build");
const NEW = `${OUT}.new`;
const FIELD = join(STATIC, "js/field.js");

const COMMON = {
  absWorkingDir: STATIC,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  metafile: true,
  sourcemap: "linked",
  sourcesContent: false,
  logLevel: "warning",
  outdir: NEW,
  tsconfigRaw: "{}", // or a jsconfig.json in whatever folder this checkout lies in would have a say
};

/** A number for a text, short as it travels. */
function keyOf(text) {
  let number = 0x811c9dc5; // FNV-1a
  for (let at = 0; at < text.length; at += 1) number = Math.imul(number ^ text.charCodeAt(at), 0x01000193);
  return (number >>> 0).toString(36);
}

/** The tables of the languages are found by numbers: with every text in bokmål, too, they would be half as large again. */
const numbered = {
  name: "numbered",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]texts[/\\]keys\.js$/ }, () => ({ contents: `export const keyOf = ${keyOf};` }));
    onLoad({ filter: /[/\\]texts[/\\](nn|en)\.js$/ }, async ({ path }) => {
      const texts = Object.entries((await import(pathToFileURL(path).href)).default);
      const table = Object.fromEntries(texts.map(([nb, other]) => [keyOf(nb), other]));
      if (Object.keys(table).length < texts.length) throw new Error(`two texts of ${path} have one number`);
      return { contents: `export default ${JSON.stringify(table)};` };
    });
  },
};

/** Leaves out what a style declares and nobody asks for: the theme has every colour that a product may want. */
function pruned(css, scripts) {
  const asked = new Set(
    [...css.matchAll(/var\(\s*(--[\w-]+)/g), ...scripts.matchAll(/(--[\w-]+)/g)].map(([, name]) => name),
  );
  const left = css
    .replace(/(?<=[{;])(--[\w-]+):[^;{}"']*(;|(?=\}))/g, (whole, name) => (asked.has(name) ? whole : ""))
    .replace(/(?<=[{};])[^{};@]+\{\}/g, "");
  return left === css ? css : pruned(left, scripts); // what was left out may have asked for more
}

/** Everything that field.js needs before it draws: what it imports, directly or through others, but not at need. */
async function neededFirst() {
  const atNeed = {
    name: "at-need",
    setup: ({ onResolve }) =>
      onResolve({ filter: /./ }, ({ kind }) => (kind === "dynamic-import" ? { external: true } : null)),
  };
  const { metafile } = await build({ ...COMMON, entryPoints: [FIELD], plugins: [atNeed], write: false });
  return Object.keys(metafile.inputs)
    .map((path) => join(STATIC, path))
    .filter((path) => path !== FIELD);
}

/**
 * Puts all of `files` into one chunk: every screen that is loaded later imports them, as field.js does. They are there
 * long before it; without this each would lie in a chunk of its own with those that the same screens happen to share.
 */
const together = (files) => ({
  name: "together",
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]js[/\\]screens[/\\]\w+\.js$/ }, ({ path }) => {
      const imports = files.map((file) => `import ${JSON.stringify(file)};`);
      return { contents: imports.join("") + readFileSync(path, "utf8"), loader: "js" };
    });
  },
});

/** The files that a built one imports before it runs, itself included. */
function firstOf(outputs, path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: other, kind, external } of outputs[path].imports) {
    if (kind === "import-statement" && !external) firstOf(outputs, other, found);
  }
  return found;
}

const gzipped = (path) => gzipSync(readFileSync(path)).length;

/** Say how large each file became, in bytes as they travel. */
function show() {
  for (const name of readdirSync(OUT).sort())
    if (/\.(js|css)$/.test(name)) console.log(String(gzipped(join(OUT, name))).padStart(8), name);
}

async function main(sources) {
  rmSync(NEW, { recursive: true, force: true });
  const plugins = [numbered, together(await neededFirst())];
  const pages = await build({ ...COMMON, entryPoints: [FIELD], splitting: true, chunkNames: "[name]-[hash]", plugins });
  await build({ ...COMMON, entryPoints: { worker: "js/sw/worker.js", field: "css/phone.css" } });
  const scripts = readdirSync(NEW).filter((name) => name.endsWith(".js"));
  const style = join(NEW, "field.css");
  writeFileSync(
    style,
    pruned(readFileSync(style, "utf8"), scripts.map((name) => readFileSync(join(NEW, name), "utf8")).join()),
  );
  const { outputs } = pages.metafile;
  const entry = Object.keys(outputs).find((path) => basename(path) === "field.js");
  const first = [...firstOf(outputs, entry)].map((path) => basename(path));
  writeFileSync(join(NEW, "built.json"), JSON.stringify({ sources, first }));
  rmSync(OUT, { recursive: true, force: true });
  renameSync(NEW, OUT);
}

await main(process.argv[2]);
if (process.argv.includes("--show")) show();
