// @ts-check
/**
 * What the worker may answer from its cache: a table of rules, first match wins. Nothing personal is ever in it: the
 * shell is the same for everyone, data stays in IndexedDB, and what was redirected is somebody else's page.
 */

/** @typedef {{version: string, base: string, shell: string, files: string[]}} Build base: the versioned directory */

const PREFIX = "sett-";

/** @param {Build} build */
export const cacheName = (build) => PREFIX + build.version;

/** @param {URL} url */
const isField = (url) => url.pathname === "/felt" || url.pathname.startsWith("/felt/");

/** @type {{name: string, matches: (request: Request, url: URL, build: Build) => boolean, answer: ((request: Request, build: Build) => Promise<Response>) | null}[]} */
export const RULES = [
  { name: "what changes something", matches: (request) => request.method !== "GET", answer: null },
  { name: "another server", matches: (_request, url) => url.origin !== self.location.origin, answer: null },
  { name: "data", matches: (_request, url) => url.pathname.startsWith("/api/"), answer: null },
  {
    name: "this version’s files",
    matches: (_request, url, build) => url.pathname.startsWith(build.base),
    answer: cacheFirst,
  },
  { name: "another version’s files", matches: (_request, url) => url.pathname.startsWith("/static/"), answer: kept },
  { name: "the phone’s pages", matches: (request, url) => request.mode === "navigate" && isField(url), answer: shell },
];

/** How to answer a request, or null: the network does. @param {Request} request @param {Build} build */
export function answerFor(request, build) {
  const url = new URL(request.url);
  const answer = RULES.find((rule) => rule.matches(request, url, build))?.answer;
  return answer ? answer(request, build) : null;
}

/** @param {Response} response whether it is the file itself, whole and from us */
const isSound = (response) => response.ok && !response.redirected && response.type !== "opaqueredirect";

/** @param {Request} request @param {Build} build */
async function cacheFirst(request, build) {
  const cache = await caches.open(cacheName(build));
  const kept = await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (isSound(response)) await cache.put(request.url, response.clone());
  return response;
}

/** A page that was opened before this version came still loads files of its own. @param {Request} request */
async function kept(request) {
  for (const name of await ourCaches()) {
    const file = await (await caches.open(name)).match(request.url);
    if (file) return file;
  }
  return fetch(request);
}

/** @param {Request} request @param {Build} build */
async function shell(request, build) {
  const cache = await caches.open(cacheName(build));
  return (await cache.match(build.shell)) ?? fetch(request);
}

/** @param {string} url */
async function fetchSound(url) {
  const response = await fetch(url, { cache: "no-cache", credentials: "omit" });
  if (!isSound(response)) throw new Error(`${url} answered ${response.status}`);
  return response;
}

/** All files of a version or none: a half-filled cache would be a broken app without coverage. @param {Build} build */
export async function precache(build) {
  const urls = [build.shell, ...build.files];
  const responses = await Promise.all(urls.map(fetchSound));
  const cache = await caches.open(cacheName(build));
  try {
    await Promise.all(urls.map((url, i) => cache.put(url, responses[i])));
  } catch (error) {
    await caches.delete(cacheName(build));
    throw error;
  }
}

const ourCaches = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

/**
 * Drop the caches of other versions while no page of the phone is open: one of theirs may still want its files. Other
 * people's caches are not ours.
 * @param {Build} build @param {any} scope
 */
export async function dropOldCaches(build, scope) {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.some((/** @type {{url: string}} */ page) => isField(new URL(page.url)))) return;
  const names = (await ourCaches()).filter((name) => name !== cacheName(build));
  await Promise.all(names.map((name) => caches.delete(name)));
}
