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
