// @ts-check
/**
 * How a replica is cut into chunks, so that a person sees I dag before the entries are opened and a sync writes only what
 * it touches. Pure: what lies in which chunk; kept.js seals them and tables.js holds them.
 *
 *   head      all kinds but entries, and the newest entries of each client; a kind lies in 2^n shards of at most 64 KiB
 *   entries   one chunk a client
 */
import { ENTRY_TYPES } from "./entry_types.js";
import { isDuplicate } from "./merged.js";

/** @typedef {{id: string, seq: number, data: any, round?: number}} Stored */
/** @typedef {Map<string, Stored>} Rows id → row */
/** @typedef {{name: string, value: any}} Chunk value null: there is none by that name any more */

/** The kind of the newest entries: a copy in the head of what the lists say of each client. */
export const NEWEST = "newest";
const NEWEST_PER_CLIENT = 3;
/** A head chunk as JSON is at most this long, unless one row alone is longer. */
export const HEAD_BYTES = 64 * 1024;
const MOST_SHARDS = 1024;

/** Which of `of` shards an id lies in: FNV-1a over its characters. @param {string} id @param {number} of */
export function shardOf(id, of) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % of;
}

/** Whose chunk an entry lies in. @param {Stored} row */
export const clientOf = (row) => row.data?.client_id ?? "none";

/** @param {string} client */
export const entriesName = (client) => `entries/${client}`;
/** @param {string} kind @param {number} of @param {number} shard */
const headName = (kind, of, shard) => `head/${kind}/${of}/${shard}`;

/** What a list says of a client: met, not met, worried. @param {Stored} row */
function isNews({ data }) {
  const { contact, urgent, points_at: pointsAt } = ENTRY_TYPES[data?.type] ?? {};
  return Boolean(contact || urgent || pointsAt === "concern" || data?.flags?.length);
}

/** @param {Stored} row */
const happened = ({ data }) => String(data.corrected_at ?? data.occurred_at ?? "");

/** The few entries of one client that the lists need. @param {Iterable<Stored>} entries @returns {Stored[]} */
export const newestOf = (entries) =>
  [...entries]
    .filter(isNews)
    .sort((a, b) => happened(b).localeCompare(happened(a)))
    .slice(0, NEWEST_PER_CLIENT);

/** @param {Rows} rows @param {number} of @returns {Stored[][]} */
function shards(rows, of) {
  /** @type {Stored[][]} */
  const cut = Array.from({ length: of }, () => []);
  for (const row of rows.values()) cut[shardOf(row.id, of)].push(row);
  return cut;
}

/** @param {Stored[]} rows */
const isTooLong = (rows) => rows.length > 1 && new TextEncoder().encode(JSON.stringify(rows)).length > HEAD_BYTES - 128;

/**
 * The chunks of one kind to write after `touched` ids have changed; when a shard has become too long, all of them anew.
 * @param {string} kind @param {Rows} rows @param {number} of @param {Set<string>} touched @returns {{of: number, chunks: Chunk[]}}
 */
export function headChunks(kind, rows, of, touched) {
  let now = of;
  let cut = shards(rows, now);
  const hit = new Set([...touched].map((id) => shardOf(id, of)));
  while (now < MOST_SHARDS && cut.some((shard, i) => (now !== of || hit.has(i)) && isTooLong(shard))) {
    now *= 2;
    cut = shards(rows, now);
  }
  const chunk = (/** @type {Stored[]} */ shard, /** @type {number} */ i) => ({
    name: headName(kind, now, i),
    value: shard.length || i === 0 ? { kind, of: now, rows: shard } : null,
  });
  const old = now === of ? [] : Array.from({ length: of }, (_, i) => ({ name: headName(kind, of, i), value: null }));
  return { of: now, chunks: [...old, ...cut.map(chunk).filter((_, i) => now !== of || hit.has(i))] };
}

/** The chunk of one client's entries. @param {string} client @param {Stored[]} rows @returns {Chunk} */
export const entriesChunk = (client, rows) => ({
  name: entriesName(client),
  value: rows.length ? { client, rows } : null,
});

/** "Kari Nordmann" → "Kari N." @param {string | undefined} name */
export function shortName(name) {
  const [first = "", ...more] = (name ?? "").split(" ").filter(Boolean);
  const last = more.at(-1);
  return last ? `${first} ${[...last][0]}.` : first;
}

/** What stays for 8 days: enough to log on the right person. @param {Rows} clients */
export const stubsOf = (clients) =>
  [...clients.values()]
    .filter(({ data }) => !isDuplicate(data))
    .map(({ id, data }) => ({
      id,
      name: shortName(data.alias || data.name),
      due_at: data.watch?.due_at ?? null,
      mode: data.watch?.mode ?? "off",
      team_ids: data.team_ids ?? [],
    }));

/** @param {ReturnType<typeof stubsOf>} stubs @returns {Rows} rows of clients, marked */
export const clientsFrom = (stubs) =>
  new Map(
    stubs.map(({ id, name, due_at, mode, team_ids }) => [
      id,
      { id, seq: 0, data: { name, team_ids, watch: { mode, due_at, last_seen_at: null, counts: [] }, stub: true } },
    ]),
  );
