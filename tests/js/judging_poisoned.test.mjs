// A sheet the server fails on, between healthy ones: the others go out, and the judge's order within a sheet is kept.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as queue from "../../contest/static/js/judging/queue.js";
import { sender } from "../../contest/static/js/judging/sender.js";
import { store } from "../../contest/static/js/judging/store.js";
import { memory } from "./memory.mjs";

/**
 * A tablet and a server. versions: "s1" is version 1 of sheet s. fails(uuids) -> whether the server answers 500 to
 * a batch with these; it stores all of a batch or nothing.
 */
function hall(versions, fails) {
  const keep = store("7", memory());
  const write = (uuid) => {
    const items = keep.items();
    keep.put(queue.add(items, { uuid, sheet: uuid[0], body: { based_on: queue.base(items, uuid[0], null) }, now: 1 }));
  };
  versions.split(" ").forEach(write);
  const asked = [];
  const ledger = [];
  const clocks = [];
  const line = sender({
    keep, token: "t", fresh: async () => "t", random: () => 1,
    post: async (items) => {
      const uuids = items.map((item) => item.uuid);
      asked.push(uuids.join(" "));
      if (fails(uuids)) return { status: 500, body: null };
      ledger.push(...uuids);
      return { status: 200, body: { results: uuids.map((uuid) => ({ uuid, status: 201, body: { version: uuid, holds: true, marks: {}, server_at: "" } })) } };
    },
    tell: { stored() {}, refused() {}, signOut() {}, later() {} },
    timer: (then, wait) => { clocks.push({ then, wait }); return clocks.length; },
  });
  return { keep, write, line, asked, ledger, clocks, left: () => queue.inOrder(keep.items()).map((item) => item.uuid).join(" ") };
}

test("a sheet poisoned for ever holds up no other, and asks less and less", async () => {
  const it = hall("a1 b1 p1 c1 p2 a2", (uuids) => uuids.some((uuid) => uuid[0] === "p"));
  await it.line.flush();
  assert.deepEqual([it.ledger.join(" "), it.left()], ["a1 b1 c1 a2", "p1 p2"]);
  assert.deepEqual([it.clocks.length, it.line.waitingForLine(), it.line.isHeldUp("p"), it.line.isHeldUp("a")], [1, true, true, false]);
  const waits = [];
  for (let round = 0; round < 7; round += 1) {
    const clock = it.clocks.pop();
    waits.push(clock.wait);
    await clock.then();
  }
  assert.deepEqual(waits, [2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  // Once known it costs the others no request of theirs, and never overtakes itself.
  it.asked.length = 0;
  it.write("a3");
  it.write("d1");
  await it.line.flush();
  assert.deepEqual([it.asked, it.left()], [["a3 d1", "p1"], "p1 p2"]);
});

test("a sheet poisoned once goes out later, in its order, and is a sheet like others from then on", async () => {
  let ill = true;
  const it = hall("p1 a1 p2 b1", (uuids) => ill && uuids.includes("p1"));
  await it.line.flush();
  assert.deepEqual([it.ledger.join(" "), it.left()], ["a1 b1", "p1 p2"]);
  ill = false;
  await it.clocks.pop().then();
  assert.deepEqual([it.ledger.join(" "), it.left(), it.clocks], ["a1 b1 p1 p2", "", []]);
  it.asked.length = 0;
  it.write("p3");
  it.write("c1");
  await it.line.flush();
  assert.deepEqual(it.asked, ["p3 c1"]);
});

test("a version poisoned behind healthy ones of its own sheet stops there", async () => {
  const it = hall("p1 p2 p3 a1", (uuids) => uuids.includes("p2"));
  await it.line.flush();
  assert.deepEqual([it.ledger.filter((uuid) => uuid !== "a1").join(" "), it.ledger.includes("a1"), it.left()], ["p1", true, "p2 p3"]);
});

test("a server that fails on everything is not asked about every sheet, and less and less", async () => {
  let ill = true;
  const it = hall("a1 b1 c1 d1 e1 f1 g1 h1", () => ill);
  await it.line.flush();
  const first = it.asked.length;
  assert.ok(first <= 6, it.asked.join(", "));
  const waits = [];
  for (let round = 0; round < 4; round += 1) {
    const clock = it.clocks.pop();
    waits.push(clock.wait);
    await clock.then();
  }
  assert.deepEqual(waits, [2000, 4000, 8000, 16000]);
  assert.ok(it.asked.length - first <= 12, it.asked.join(", "));
  ill = false;
  await it.clocks.pop().then();
  assert.deepEqual([it.left(), [...it.ledger].sort().join(" ")], ["", "a1 b1 c1 d1 e1 f1 g1 h1"]);
});

test("more poisoned sheets than are tried in a row still hold up no healthy one", async () => {
  const it = hall("p1 q1 r1 s1 t1 a1 b1", (uuids) => uuids.some((uuid) => "pqrst".includes(uuid[0])));
  await it.line.flush();
  for (let round = 0; round < 3; round += 1) await it.clocks.pop().then();
  assert.deepEqual([[...it.ledger].sort().join(" "), it.left()], ["a1 b1", "p1 q1 r1 s1 t1"]);
  // Each has its turn.
  it.asked.length = 0;
  for (let round = 0; round < 2; round += 1) await it.clocks.pop().then();
  assert.deepEqual([...new Set(it.asked)].sort(), ["p1", "q1", "r1", "s1", "t1"]);
});
