import assert from "node:assert/strict";
import { test } from "node:test";
import * as queue from "../../contest/static/js/judging/queue.js";

function three() {
  let items = [];
  for (const [uuid, sheet] of [["a", "s1"], ["b", "s1"], ["c", "s2"]]) {
    const based_on = queue.base(items, sheet, null);
    items = [...items, queue.add(items, { uuid, sheet, url: "/x", body: { based_on }, now: 1000 })];
  }
  return items;
}

test("versions go out in the order they were written, even within one millisecond", () => {
  const items = three().reverse();
  assert.deepEqual(queue.inOrder(items).map((item) => item.uuid), ["a", "b", "c"]);
  assert.equal(queue.next(items).uuid, "a");
});

test("a clock that is put back does not change the order", () => {
  const items = three();
  const late = queue.add(items, { uuid: "d", sheet: "s1", url: "/x", body: {}, now: 5 });
  assert.equal(queue.inOrder([late, ...items]).pop().uuid, "d");
});

test("a version builds on the newest of its own sheet", () => {
  const items = three();
  assert.deepEqual(items.map((item) => item.body.based_on), [null, "a", null]);
  assert.equal(queue.base(items, "s1", "server"), "b");
  assert.equal(queue.base(items, "s3", "server"), "server");
});

test("what is acknowledged is kept no longer", () => {
  const items = queue.acknowledge(three(), "a");
  assert.deepEqual(items.map((item) => item.uuid), ["b", "c"]);
});

test("a refused version stays to be seen, and what was built on it builds on what came before", () => {
  const items = queue.refuse(three(), "a", { code: "bad_marks" });
  assert.deepEqual(items.map((item) => [item.uuid, item.refusal && item.refusal.code, item.body.based_on]), [
    ["a", "bad_marks", null], ["b", null, null], ["c", null, null],
  ]);
  assert.equal(queue.next(items).uuid, "b");
});

test("a refused version is shown while it is its sheet's newest, and goes when a newer one is stored", () => {
  const items = queue.refuse(three(), "b", { code: "bad_marks" });
  assert.equal(queue.lost(items, "s1").uuid, "b");
  assert.equal(queue.lost(queue.refuse(three(), "a", { code: "x" }), "s1"), null); // b is newer, and waits
  assert.equal(queue.lost(items, "s2"), null);
  const newer = queue.add(items, { uuid: "d", sheet: "s1", url: "/x", body: {}, now: 9 });
  assert.deepEqual(queue.overtaken([...items, newer], newer), ["b"]);
  assert.deepEqual(queue.overtaken(items, items.find((item) => item.uuid === "a")), []);
});

test("waiting grows to a minute and never stands still in step", () => {
  assert.deepEqual([1, 2, 3, 9].map((tries) => queue.wait(tries, 1)), [2000, 4000, 8000, 60000]);
  assert.equal(queue.wait(1, 0), 1000);
});

test("an answer says whether to keep, drop, sign in or try later", () => {
  const cases = [
    [201, "", "stored"], [200, "", "stored"], [401, "", "sign_in"], [400, "", "token"], [400, "bad_request", "refused"],
    [409, "round_closed", "refused"], [422, "bad_marks", "refused"], [404, "", "refused"], [429, "", "later"],
    [500, "", "later"], [503, "", "later"], [0, "", "later"],
  ];
  for (const [status, code, expected] of cases) assert.equal(queue.meaning(status, code), expected, `${status} ${code}`);
});
