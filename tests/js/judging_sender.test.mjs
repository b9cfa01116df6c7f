import assert from "node:assert/strict";
import { test } from "node:test";
import { sender } from "../../contest/static/js/judging/sender.js";
import * as queue from "../../contest/static/js/judging/queue.js";
import { store } from "../../contest/static/js/judging/store.js";

/** localStorage, in memory; `full` makes it refuse. */
function memory() {
  const held = new Map();
  return {
    full: false,
    get length() { return held.size; },
    key: (index) => [...held.keys()][index],
    getItem: (key) => (held.has(key) ? held.get(key) : null),
    setItem(key, value) { if (this.full) throw new Error("quota"); held.set(key, value); },
    removeItem: (key) => held.delete(key),
  };
}

function hall(replies, uuids = ["a", "b"]) {
  const keep = store("7", memory());
  for (const uuid of uuids) {
    const items = keep.items();
    keep.put(queue.add(items, { uuid, sheet: "s", url: "/x", body: { based_on: queue.base(items, "s", null) }, now: 1 }));
  }
  const log = [];
  const timers = [];
  const line = sender({
    keep, token: "t0",
    post: async (items, token) => { log.push(`${items.map((item) => item.uuid).join("")}:${token}`); return replies.shift(); },
    fresh: async () => "t1",
    tell: {
      stored: (item) => log.push(`stored ${item.uuid}`), refused: (item, refusal) => log.push(`refused ${item.uuid} ${refusal.code}`),
      signOut: () => log.push("sign in"), later: () => log.push(`later ${line.waitingForLine()}`),
    },
    timer: (then, wait) => { timers.push([then, wait]); return timers.length; },
    random: () => 1,
  });
  return { keep, log, timers, line };
}

const stored = (uuid) => ({ uuid, status: 201, body: { version: uuid, holds: true, marks: {}, server_at: "2024-09-02T01:00:00+00:00" } });
const refused = (uuid, code = "round_closed") => ({ uuid, status: 409, body: { code, detail: "…" } });
const done = (...results) => ({ status: 200, body: { results } });
const dead = { status: 0, body: null };
const left = (keep) => queue.inOrder(keep.items()).map((item) => item.uuid);

test("versions go in one batch, in order, and are dropped only when the server has them", async () => {
  const { keep, log, line } = hall([done(stored("a"), stored("b"))]);
  await line.flush();
  assert.deepEqual(log, ["ab:t0", "stored a", "stored b"]);
  assert.deepEqual(left(keep), []);
});

test("a dead line keeps everything and tries the same batch again", async () => {
  const { keep, log, timers, line } = hall([dead, done(stored("a"), stored("b"))]);
  await line.flush();
  assert.deepEqual([log, left(keep), timers[0][1]], [["ab:t0", "later true"], ["a", "b"], 2000]);
  await timers[0][0]();
  assert.deepEqual(left(keep), []);
});

test("what the answer does not name stays", async () => {
  const { keep, timers, line } = hall([done(stored("a")), dead]);
  await line.flush();
  assert.deepEqual([left(keep), timers.length], [["b"], 1]);
});

test("an answer that names nothing of what was sent is not asked for in a circle", async () => {
  const { keep, log, timers, line } = hall([done()]);
  await line.flush();
  assert.deepEqual([log, left(keep), timers.length], [["ab:t0", "later true"], ["a", "b"], 1]);
});

test("an answer for another version is no receipt", async () => {
  const { keep, line } = hall([done({ ...stored("b"), uuid: "a" }), dead], ["a"]);
  await line.flush();
  assert.deepEqual(keep.items().map((item) => [item.uuid, Boolean(item.refusal)]), [["a", true]]);
});

test("a refused version stays to be seen until the newer one of its sheet is stored", async () => {
  const { keep, log, line } = hall([done(refused("a")), dead, done(stored("b"))]);
  await line.flush();
  assert.deepEqual(keep.items().map((item) => [item.uuid, item.refusal && item.refusal.code]), [["a", "round_closed"], ["b", null]]);
  await line.flush();
  assert.deepEqual(log.filter((entry) => !entry.startsWith("later")), ["ab:t0", "refused a round_closed", "b:t0", "b:t0", "stored b"]);
  assert.deepEqual(left(keep), []);
});

test("a version whose number the server knows with other content stays here, and is not sent again", async () => {
  const { keep, log, line } = hall([done(refused("a", "uuid_reused"))], ["a"]);
  await line.flush();
  await line.flush();
  assert.deepEqual(log, ["a:t0", "refused a uuid_reused"]);
  assert.deepEqual(keep.items().map((item) => [item.uuid, item.refusal.code, item.refusal.detail]), [["a", "uuid_reused", "…"]]);
});

test("a batch the server fails on is sent one by one, so that one version does not hold up the others", async () => {
  const broken = { status: 500, body: null };
  const { log, keep, line } = hall([broken, { status: 400, body: { code: "bad_request" } }, done(stored("b"))]);
  await line.flush();
  assert.deepEqual(log, ["ab:t0", "a:t0", "refused a bad_request", "b:t0", "stored b"]);
  assert.deepEqual(left(keep), []);
});

test("an old form token is renewed once", async () => {
  const { log, line } = hall([{ status: 400, body: null }, done(stored("a"))], ["a"]);
  await line.flush();
  assert.deepEqual(log, ["a:t0", "a:t1", "stored a"]);
});

test("when nobody is signed in, nothing is sent and nothing is lost", async () => {
  const { keep, log, line } = hall([{ status: 401, body: {} }]);
  await line.flush();
  assert.deepEqual([log, left(keep)], [["ab:t0", "sign in"], ["a", "b"]]);
});

test("two flushes at once send nothing twice", async () => {
  const { log, line } = hall([done(stored("a"), stored("b"))]);
  await Promise.all([line.flush(), line.flush()]);
  assert.deepEqual(log.filter((entry) => entry.startsWith("a")), ["ab:t0"]);
});

test("a beat speaks once when nothing waits, and a dead line is no reason to try again", async () => {
  const { log, timers, line } = hall([dead], []);
  await line.flush(true);
  assert.deepEqual([log, timers], [[":t0"], []]);
});

test("what the server said it holds is remembered, and nothing older takes its place", async () => {
  const { keep, line } = hall([done(stored("a"))], ["a"]);
  await line.flush();
  keep.keepStored("s", { version: "old", holds: true, marks: {}, server_at: "2024-09-01T01:00:00+00:00" });
  keep.keepStored("s", { version: "apart", holds: false, marks: {}, server_at: "2024-09-03T01:00:00+00:00" });
  assert.equal(keep.stored("s").version, "a");
});

test("what a dead battery took from the first place comes back from the second, of this judge only", async () => {
  const second = new Map([["cham/7/ban/x", { uuid: "x", sheet: "s", body: {} }], ["cham/8/ban/y", { uuid: "y", sheet: "s", body: {} }]]);
  const durable = { put: (key, value) => second.set(key, value), drop: (key) => second.delete(key), all: async () => [...second] };
  const keep = store("7", memory(), durable);
  keep.put({ uuid: "z", sheet: "s", seq: 1, body: {} });
  assert.deepEqual((await keep.restore()).map((item) => item.uuid), ["x"]);
  keep.drop("x");
  keep.drop("z");
  assert.deepEqual([left(keep), [...second.keys()]], [[], ["cham/8/ban/y"]]);
});

test("another judge's versions on a borrowed tablet are not touched", () => {
  const shared = memory();
  const one = store("7", shared);
  const two = store("8", shared);
  one.put(queue.add([], { uuid: "a", sheet: "s", url: "/x", body: {}, now: 1 }));
  assert.deepEqual([left(one), left(two)], [["a"], []]);
});

test("a full device says so, and a judge named with a prefix of another is another", () => {
  const shared = memory();
  const one = store("1", shared);
  store("11", shared).put(queue.add([], { uuid: "a", sheet: "s", url: "/x", body: {}, now: 1 }));
  assert.deepEqual(left(one), []);
  shared.full = true;
  assert.equal(one.put(queue.add([], { uuid: "b", sheet: "s", url: "/x", body: {}, now: 1 })), false);
  assert.equal(one.full, true);
  assert.deepEqual(left(one), ["b"]); // as long as the page lives, it still goes out
  one.drop("b");
  assert.deepEqual([left(one), one.full], [[], false]);
});
