/** A phone for the tests: fresh storage, a server that can be scripted, and staff. Owns the fakes, no test. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { emit } from "../../fieldapp/static/js/core/bus.js";
import { batchSize } from "../../fieldapp/static/js/core/send/batch.js";
import { closeAll } from "../../fieldapp/static/js/core/db.js";
import { elapsed } from "../../fieldapp/static/js/core/elapsed.js";
import { forgetFailures } from "../../fieldapp/static/js/core/send/flush.js";
import { signIn as enter } from "../../fieldapp/static/js/core/session.js";
import { letGo } from "../../fieldapp/static/js/core/vault.js";
import { cost } from "../../fieldapp/static/js/core/vault/keys.js";
import { choosePin, unlock, vaultOf } from "../../fieldapp/static/js/core/vault/people.js";
import { aSealingKey } from "./_hpke.js";

cost.rounds = 1000;
export const PIN = "739152";
const SEALING = await aSealingKey();

export const ALICE = {
  id: "a11ce000-0000-7000-8000-000000000001",
  name: "Alice",
  role: "leader",
  teams: [{ id: "t1", name: "Team 1", kind: "fact" }],
};
export const BOB = {
  id: "b0b00000-0000-7000-8000-000000000002",
  name: "Bob",
  role: "fieldworker",
  teams: [{ id: "t1", name: "Team 1", kind: "fact" }],
};
export const KARI = "0c000000-0000-7000-8000-00000000000c";

/** @param {any} data @param {number} [status] @param {Record<string, string>} [headers] */
export const json = (data, status = 200, headers = {}) =>
  new Response(data === null ? null : JSON.stringify(data), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });

/** A server that accepts, remembers and can be told to misbehave: `server.script` answers before it does. */
export function aServer() {
  const server = {
    session: null,
    keys: new Map(),
    /** Which phone a key was given to: it proves nothing from another. */
    phones: new Map(),
    accepted: new Map(),
    /** Reports of what was opened that it has taken, by id, and what it says of one instead. */
    viewed: new Map(),
    judgeView: () => null,
    requests: [],
    pages: [],
    cursor: "c0",
    online: true,
    /** Another id for the phone than it says, as for one that cannot prove to be it. */
    called: null,
    script: [],
    judge: () => null,
    sealing: SEALING,
    /** How far ahead its clock is of the phone's, in ms. */
    ahead: 0,
    syncs: () => server.requests.filter((request) => request.path === "/api/sync"),
  };
  const who = ({ cookie, body }, entry) => {
    const wanted = entry.author_id ?? (cookie ? server.session?.id : null);
    if (cookie && server.session && wanted === server.session.id) return wanted;
    const isRight = entry.author_key && entry.author_key === server.keys.get(wanted);
    return isRight && server.phones.get(entry.author_key) === body.device_id ? wanted : null;
  };
  /** As the tests and the door see it: what was sealed, opened, beside what stood around it. */
  const read = async (element) => ({ ...(await server.sealing.open(element).catch(() => ({}))), ...element });
  const verdict = (request, entry) => {
    if (entry.key_id !== server.sealing.key_id) return { id: entry.id, verdict: "deferred", code: "unknown_key" };
    if (!entry.type) return { id: entry.id, verdict: "rejected", code: "unreadable" };
    const author = who(request, entry);
    if (!author) return { id: entry.id, verdict: "rejected", code: "author_unproven" };
    const own = server.judge(entry, author);
    if (own) return { id: entry.id, ...own };
    if (server.accepted.has(entry.id)) return { id: entry.id, verdict: "duplicate", original: "accepted" };
    server.accepted.set(entry.id, { ...entry, author_id: author });
    return { id: entry.id, verdict: "accepted" };
  };
  const verdictOnView = (request, { id, key_id }, report) => {
    if (key_id !== server.sealing.key_id) return { id, verdict: "deferred", code: "unknown_key" };
    if (!report) return { id, verdict: "rejected", code: "unreadable" };
    const by = { ...report, author_id: report.staff_id };
    if (!who(request, by)) return { id, verdict: "rejected", code: "author_unproven" };
    const own = server.judgeView(report);
    if (own) return { id, ...own };
    if (server.viewed.has(id)) return { id, verdict: "duplicate", original: "accepted" };
    server.viewed.set(id, report);
    return { id, verdict: "accepted" };
  };
  const openView = (element) => server.sealing.open(element, "sett views 1").catch(() => null);
  const sync = (request) => {
    const { entries, cursor, pull = true, views = [] } = request.body;
    const signedIn = request.cookie && server.session;
    if (!signedIn && !entries.length && !views.length) return json({ code: "sign_in", message: "Logg inn" }, 401);
    if (entries.length > 100 || views.length > 100 || request.bytes > 256 * 1024)
      return json({ code: "too_large", message: "For mye" }, 413);
    const results = entries.map((entry) => verdict(request, entry));
    const page = signedIn && pull ? server.pages.shift() : null;
    const answer = {
      protocol: 1,
      server_time: new Date(Date.now() + server.ahead).toISOString(),
      alerting_ok: true,
      results,
      changes: [],
      sealing_key_id: server.sealing.key_id,
      cursor: signedIn ? server.cursor : cursor,
      more: false,
      reset: false,
      ...(signedIn ? {} : { signed_out: true }),
      ...(views.length ? { view_results: views.map((one, i) => verdictOnView(request, one, request.reports[i])) } : {}),
    };
    return json({ ...answer, ...(server.epoch ? { epoch: server.epoch } : {}), ...page });
  };
  const routes = {
    "POST /api/session": ({ body }) => {
      const staff = [ALICE, BOB].find((one) => one.name.toLowerCase() === body.username);
      if (!staff || body.password !== "riktig") return json({ code: "bad_credentials", message: "Feil" }, 401);
      server.session = staff;
      return json({ staff, server_time: new Date().toISOString() });
    },
    "GET /api/session": () =>
      server.session ? json({ staff: server.session }) : json({ code: "sign_in", message: "Logg inn" }, 401),
    "DELETE /api/session": () => {
      server.session = null;
      return new Response(null, { status: 204 });
    },
    "POST /api/devices": ({ body }) => {
      server.keys.set(server.session.id, `key-of-${server.session.name}`);
      server.phones.set(server.keys.get(server.session.id), server.called ?? body.device_id);
      return json({ device_id: server.called ?? body.device_id, delivery_key: server.keys.get(server.session.id) });
    },
    "GET /api/sealing/key": () => json(server.sealing.answer),
    "POST /api/sync": sync,
  };
  globalThis.fetch = async (path, { method = "GET", body, credentials } = {}) => {
    const request = {
      method,
      path: String(path),
      body: body && JSON.parse(body),
      bytes: body?.length ?? 0,
      cookie: credentials !== "omit",
    };
    if (!server.online) throw new TypeError("no network");
    if (request.body?.entries) request.body.entries = await Promise.all(request.body.entries.map(read));
    request.reports = await Promise.all((request.body?.views ?? []).map(openView));
    server.requests.push(request);
    const scripted = server.script.length && request.path === "/api/sync" ? server.script.shift() : null;
    if (scripted) return scripted(request, () => sync(request));
    const route = routes[`${method} ${request.path}`];
    return route ? route(request) : json({ code: "not_found", message: "Finnes ikke" }, 404);
  };
  return server;
}

/** Sign in and open the vault: with a PIN chosen the first time. @returns {Promise<any>} the outcome of the sign-in */
export async function signIn(username, password) {
  const outcome = await enter(username, password);
  if (outcome.kind !== "ok") return outcome;
  const { id } = outcome.data.staff;
  if (await vaultOf(id)) await unlock(id, PIN);
  else await choosePin(id, PIN);
  return outcome;
}

/** Storage as on a phone just out of its box, and nothing remembered in memory. */
export async function freshPhone() {
  await closeAll();
  globalThis.indexedDB = new IDBFactory();
  letGo();
  waitWithoutWaiting();
  forgetMemory();
}

let passed = 0;

/** Let time pass: by what has passed, not by any clock. */
export const letPass = (ms) => {
  passed += ms;
};

/** Waits are over at once, and have passed. */
function waitWithoutWaiting() {
  passed = 0;
  elapsed.now = () => performance.now() + passed;
  elapsed.pause = async (ms) => letPass(ms);
}

/** What a kill of the app takes with it, but the open vault: as if the PIN had been typed at once. Storage stays. */
export function forgetMemory() {
  emit("changed", { what: "replica", remote: true });
  forgetFailures();
  batchSize.most = 100;
}
