/** A phone for the tests: fresh storage, a server that can be scripted, and staff. Owns the fakes, no test. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { emit } from "../../fieldapp/static/js/core/bus.js";
import { batchSize } from "../../fieldapp/static/js/core/send/batch.js";
import { closeAll } from "../../fieldapp/static/js/core/db.js";
import { elapsed } from "../../fieldapp/static/js/core/elapsed.js";
import { forgetFailures } from "../../fieldapp/static/js/core/send/flush.js";

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
    accepted: new Map(),
    requests: [],
    pages: [],
    cursor: "c0",
    online: true,
    /** Another id for the phone than it says, as for one that cannot prove to be it. */
    called: null,
    script: [],
    judge: () => null,
    syncs: () => server.requests.filter((request) => request.path === "/api/sync"),
  };
  const who = ({ cookie }, entry, proofs) => {
    const wanted = entry.author_id ?? (cookie ? server.session?.id : null);
    if (cookie && server.session && wanted === server.session.id) return wanted;
    return proofs.some((proof) => proof.staff_id === wanted && proof.key === server.keys.get(wanted)) ? wanted : null;
  };
  const verdict = (request, entry, proofs) => {
    const author = who(request, entry, proofs);
    if (!author) return { id: entry.id, verdict: "rejected", code: "author_unproven" };
    const own = server.judge(entry, author);
    if (own) return { id: entry.id, ...own };
    if (server.accepted.has(entry.id)) return { id: entry.id, verdict: "duplicate", original: "accepted" };
    server.accepted.set(entry.id, { ...entry, author_id: author });
    return { id: entry.id, verdict: "accepted" };
  };
  const sync = (request) => {
    const { entries, deliver_for: proofs = [], cursor } = request.body;
    const signedIn = request.cookie && server.session;
    if (!signedIn && !proofs.length) return json({ code: "sign_in", message: "Logg inn" }, 401);
    if (entries.length > 100 || request.bytes > 256 * 1024) return json({ code: "too_large", message: "For mye" }, 413);
    const results = entries.map((entry) => verdict(request, entry, proofs));
    const page = signedIn ? server.pages.shift() : null;
    const answer = {
      protocol: 1,
      server_time: new Date().toISOString(),
      alerting_ok: true,
      results,
      changes: [],
      cursor: signedIn ? server.cursor : cursor,
      more: false,
      reset: false,
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
      return json({ device_id: server.called ?? body.device_id, delivery_key: server.keys.get(server.session.id) });
    },
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
    server.requests.push(request);
    const scripted = server.script.length && request.path === "/api/sync" ? server.script.shift() : null;
    if (scripted) return scripted(request, () => sync(request));
    const route = routes[`${method} ${request.path}`];
    return route ? route(request) : json({ code: "not_found", message: "Finnes ikke" }, 404);
  };
  return server;
}

/** Storage as on a phone just out of its box, and nothing remembered in memory. */
export async function freshPhone() {
  await closeAll();
  globalThis.indexedDB = new IDBFactory();
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

/** What a kill of the app takes with it; storage stays. */
export function forgetMemory() {
  emit("changed", { what: "replica", remote: true });
  forgetFailures();
  batchSize.most = 100;
}
