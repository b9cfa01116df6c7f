// The queue on a bad line: poster and freshener over real sockets, and how often a sender asks.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import * as queue from "../../contest/static/js/judging/queue.js";
import { freshener, poster, sender } from "../../contest/static/js/judging/sender.js";
import { store } from "../../contest/static/js/judging/store.js";
import { memory } from "./memory.mjs";

const open = [];
after(() => open.forEach((server) => { server.closeAllConnections(); server.close(); }));

/** The address of a server that does as told. */
async function served(act) {
  const server = createServer(act);
  open.push(server);
  await new Promise((resolve) => { server.listen(0, "127.0.0.1", resolve); });
  return `http://127.0.0.1:${server.address().port}/cham`;
}

const json = (answer, body, status = 200) => { answer.writeHead(status, { "Content-Type": "application/json" }); answer.end(JSON.stringify(body)); };
const post = async (act) => poster(await served(act), async () => ({ device: "d" }), 200)([], "t");
const dead = { status: 0, body: null };

test("a line that swallows everything is given up, and counts as dead", async () => {
  assert.deepEqual(await post(() => {}), dead);
});

test("so is one that begins to answer and does not end", async () => {
  assert.deepEqual(await post((_, answer) => { answer.writeHead(200); answer.write('{"results": ['); }), dead);
});

test("an answer cut in the middle is no receipt", async () => {
  const half = (_, answer) => { answer.writeHead(200, { "Content-Length": 100 }); answer.write('{"results": []'); setTimeout(() => answer.destroy(), 20); };
  assert.deepEqual(await post(half), dead);
});

test("a proxy's page is no receipt, whatever its status", async () => {
  assert.deepEqual(await post((_, answer) => answer.end("<h1>Đăng nhập Wi-Fi</h1>")), dead);
  assert.deepEqual(await post((_, answer) => json(answer, { ok: true })), dead);
  assert.equal((await post((_, answer) => { answer.writeHead(502); answer.end("<h1>Bad gateway</h1>"); })).status, 502);
});

test("a closed port is a dead line", async () => {
  assert.deepEqual(await poster("http://127.0.0.1:1/cham", async () => ({}), 200)([], "t"), dead);
});

for (const [name, act, wanted] of [
  ["of this judge", (_, answer) => json(answer, { owner: 7, csrf: "t1" }), "t1"],
  ["of another judge", (_, answer) => json(answer, { owner: 8, csrf: "t1" }), false],
  ["of nobody", (_, answer) => json(answer, {}, 401), null],
  ["from a proxy's page", (_, answer) => answer.end("<h1>Wi-Fi</h1>"), ""],
  ["of a line that swallows everything", () => {}, ""],
]) {
  test(`a form token ${name}`, async () => {
    assert.equal(await freshener(await served(act), "7", 200)(), wanted);
  });
}

function tablet(replies, fresh = async () => "t1") {
  const keep = store("7", memory());
  const log = [];
  const clocks = [];
  const line = sender({
    keep, token: "t0", fresh, random: () => 1,
    post: async (items) => { log.push(items.map((item) => item.uuid).join("")); return replies.shift() || dead; },
    tell: { stored() {}, refused() {}, signOut: (isOther) => log.push(isOther ? "other" : "nobody"), later() {} },
    timer: (then, wait) => { clocks.push([then, wait]); return clocks.length; },
  });
  const write = (uuid) => { keep.put(queue.add(keep.items(), { uuid, sheet: "s", body: { based_on: null }, now: 1 })); return line.flush(); };
  return { keep, log, clocks, line, write };
}

test("a judge who goes on writing without a line does not make the tablet ask ever more often", async () => {
  const { log, clocks, write } = tablet([]);
  for (const uuid of "abcde") await write(uuid);
  log.length = 0;
  for (const [then] of clocks.splice(0)) await then();
  assert.deepEqual([log, clocks.length], [["abcde"], 1]); // five clocks ran, one was in force
});

test("nobody and somebody else are told apart, and nothing is lost", async () => {
  const denied = (code) => ({ status: 401, body: { code } });
  for (const [it, said] of [
    [tablet([denied("sign_in")]), "nobody"],
    [tablet([denied("other_judge")]), "other"],
    [tablet([{ status: 400, body: null }], async () => null), "nobody"],
    [tablet([{ status: 400, body: null }], async () => false), "other"],
  ]) {
    await it.write("a");
    assert.deepEqual([it.log, it.keep.items().length, it.clocks], [["a", said], 1, []]);
  }
});

test("a device without room for what the server holds is not full; one without room for a version is, until it is sent", () => {
  const storage = memory();
  const keep = store("7", storage);
  storage.full = true;
  keep.keepStored("s", { version: "v", holds: true, marks: {}, server_at: "2024-09-02T01:00:00+00:00" });
  assert.equal(keep.full, false);
  keep.put({ uuid: "a", seq: 1, sheet: "s", body: {} });
  storage.full = false;
  keep.keepTyped("s", { texts: {}, comment: "" }); // something small still fits
  assert.equal(keep.full, true);
  keep.drop("a");
  assert.equal(keep.full, false);
});

/** IndexedDB in memory. */
function lasting(held = new Map()) {
  return { held, put: async (key, value) => { held.set(key, value); }, drop: async (key) => { held.delete(key); }, all: async () => [...held] };
}
const answer = (number, marks = {}) => ({ version: `v${number}`, number, holds: true, marks, comment: "", server_at: `2024-09-02T01:00:0${number}+00:00` });

test("what the server holds outlives a dead battery, so that the tablet does not go on from older marks", async () => {
  const second = lasting();
  const before = store("7", memory(), second);
  before.keepStored("s", answer(1));
  before.keepStored("s", answer(2));
  const rolledBack = memory();
  const after = store("7", rolledBack, second);
  store("7", rolledBack).keepStored("s", answer(1)); // all that reached the disk
  assert.deepEqual(await after.restore(), [{ uuid: null, sheet: "s" }]);
  assert.equal(after.stored("s").version, "v2");
  assert.deepEqual(await after.restore(), []); // once
});

test("on a full device too", async () => {
  const storage = memory();
  storage.full = true;
  const keep = store("7", storage, lasting(new Map([["cham/7/co/s", { version: "v2", number: 2, at: "x" }]])));
  await keep.restore();
  assert.equal(keep.stored("s").version, "v2");
  assert.deepEqual(await keep.restore(), []);
});

test("what was typed before the newest version does not come back over it", () => {
  const storage = memory();
  const keep = store("7", storage);
  keep.keepTyped("s", { texts: { a: "45" }, comment: "" });
  const old = storage.getItem("cham/7/go/s");
  const item = queue.add(keep.items(), { uuid: "u", sheet: "s", body: {}, now: Date.now() + 5 });
  keep.put(item);
  keep.keepTyped("s", null);
  storage.setItem("cham/7/go/s", old); // as a dead battery leaves it
  assert.equal(keep.typed("s"), null);
  keep.drop("u");
  keep.keepStored("s", { ...answer(1), seq: item.seq });
  assert.equal(keep.typed("s"), null);
  keep.keepTyped("s", { texts: { a: "46" }, comment: "" }); // whatever the clock says
  assert.equal(keep.typed("s").texts.a, "46");
});

test("versions a dead battery brought back are sent once more, and are not what the judge wrote last", () => {
  const storage = memory();
  const keep = store("7", storage);
  const add = (uuid) => { const item = queue.add(keep.items(), { uuid, sheet: "s", body: {}, now: keep.nextSeq("s") }); keep.put(item); return item; };
  const [old, newer] = [add("a"), add("b")];
  keep.drop("b");
  keep.keepStored("s", { ...answer(2), seq: newer.seq });
  assert.deepEqual([keep.pending("s"), queue.waiting(keep.items()).map((item) => item.uuid)], [[], ["a"]]);
  assert.ok(old.seq < newer.seq);
  // A clock set back does not put what is written now before what is stored.
  keep.keepStored("s", { ...answer(3), seq: Date.now() + 1e9 });
  add("c");
  assert.deepEqual(keep.pending("s").map((item) => item.uuid), ["c"]);
});

test("versions of other judges on a borrowed tablet are counted, those the server refused are not", () => {
  const storage = memory();
  const mine = store("7", storage);
  for (const [owner, uuid, refusal] of [["7", "a", null], ["8", "b", null], ["9", "c", null], ["9", "d", { code: "recused" }]]) {
    store(owner, storage).put({ uuid, seq: 1, sheet: "s", body: {}, refusal });
  }
  mine.keepSetting("dau", "{}");
  store("8", storage).keepTyped("s", { texts: {}, comment: "" });
  assert.equal(mine.othersWaiting(), 2);
});
