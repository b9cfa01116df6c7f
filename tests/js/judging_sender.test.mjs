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
    post: async (item, token) => { log.push(`${item.uuid}:${token}`); return replies.shift(); },
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

const stored = (uuid) => ({ status: 201, body: { version: uuid } });
const left = (keep) => queue.inOrder(keep.items()).map((item) => item.uuid);

test("versions go one after another and are dropped only when the server has them", async () => {
  const { keep, log, line } = hall([stored("a"), stored("b")]);
  await line.flush();
  assert.deepEqual(log, ["a:t0", "stored a", "b:t0", "stored b"]);
  assert.deepEqual(left(keep), []);
});

test("a dead line keeps everything and tries the same version again", async () => {
  const { keep, log, timers, line } = hall([{ status: 0, body: null }, stored("a"), stored("b")]);
  await line.flush();
  assert.deepEqual([log, left(keep), timers[0][1]], [["a:t0", "later true"], ["a", "b"], 2000]);
  await timers[0][0]();
  assert.deepEqual(left(keep), []);
});

test("a refused version stays to be seen until the newer one of its sheet is stored", async () => {
  const refused = { status: 409, body: { code: "round_closed", detail: "…" } };
  const { keep, log, line } = hall([refused, { status: 0, body: null }, stored("b")]);
  await line.flush();
  assert.deepEqual(keep.items().map((item) => [item.uuid, item.refusal && item.refusal.code]), [["a", "round_closed"], ["b", null]]);
  await line.flush();
  assert.deepEqual(log.filter((entry) => !entry.startsWith("later")), ["a:t0", "refused a round_closed", "b:t0", "b:t0", "stored b"]);
  assert.deepEqual(left(keep), []);
});

test("an old form token is renewed once", async () => {
  const { log, line } = hall([{ status: 400, body: null }, stored("a")], ["a"]);
  await line.flush();
  assert.deepEqual(log, ["a:t0", "a:t1", "stored a"]);
});

test("when nobody is signed in, nothing is sent and nothing is lost", async () => {
  const { keep, log, line } = hall([{ status: 401, body: {} }]);
  await line.flush();
  assert.deepEqual([log, left(keep)], [["a:t0", "sign in"], ["a", "b"]]);
});

test("two flushes at once send nothing twice", async () => {
  const { log, line } = hall([stored("a"), stored("b")]);
  await Promise.all([line.flush(), line.flush()]);
  assert.deepEqual(log.filter((entry) => entry.startsWith("a:")), ["a:t0"]);
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
