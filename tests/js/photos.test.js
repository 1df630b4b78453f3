/** Photos on the phone: sealed from the first moment, sent in pieces that go on where the connection broke. */
import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { aSealingKey } from "./_hpke.js";
import { storedText } from "./_storage.js";
import { keepPhoto, sendPhotos, waitingPhotos } from "../../fieldapp/static/js/core/photos.js";

const ID = "01934f00-0000-7000-8000-00000000000f";
const ME = "a11ce000-0000-7000-8000-000000000001";
const SECRET = "kanarifugl";
const image = new TextEncoder().encode(JSON.stringify({ what: SECRET.repeat(20_000) }));
const KEY = await aSealingKey();
const answer = (data, status = 200) =>
  new Response(JSON.stringify(data), { status, headers: { "Content-Type": "application/json" } });

/** A server that takes pieces, and breaks the connection after some of them. */
function aServer({ breaks = 0, refuses = false } = {}) {
  const server = { got: Buffer.alloc(0), size: 0, puts: 0 };
  globalThis.fetch = async (path, { method, body }) => {
    if (String(path).endsWith("/sealing/key")) return answer(KEY.answer);
    if (method === "POST") {
      server.size = JSON.parse(body).size;
      return answer({ offset: server.got.length });
    }
    server.puts += 1;
    const offset = Number(new URL(path, "https://sett.example").searchParams.get("offset"));
    if (breaks && server.puts % 2 === 0) {
      breaks -= 1;
      throw new TypeError("broken");
    }
    if (offset !== server.got.length) return answer({ code: "wrong_offset", offset: server.got.length }, 409);
    server.got = Buffer.concat([server.got, Buffer.from(body)]);
    if (refuses && server.got.length === server.size) return answer({ code: "not_an_image" }, 415);
    return answer({ offset: server.got.length });
  };
  return server;
}

test("it lies sealed on the phone, and arrives whole over three broken connections", async () => {
  const server = aServer({ breaks: 3 });
  await keepPhoto(ID, ME, image);
  assert.ok(!(await storedText()).includes(SECRET));
  let sent = 0;
  for (let n = 0; n < 6; n++) sent += await sendPhotos();
  assert.equal(sent, 1);
  assert.deepEqual(await waitingPhotos(), []);
  const opened = await KEY.open({ id: ID, sealed: server.got.toString("base64url") }, "sett file 1");
  assert.ok(opened.what.startsWith(SECRET));
});

test("what the server says is no image stays, and is not sent again and again", async () => {
  const server = aServer({ refuses: true });
  await keepPhoto(ID, ME, image);
  assert.equal(await sendPhotos(), 0);
  assert.deepEqual(await waitingPhotos(), [{ id: ID, refused: true }]);
  const { puts } = server;
  await sendPhotos();
  assert.equal(server.puts, puts);
});
