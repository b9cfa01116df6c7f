import assert from "node:assert/strict";
import { test } from "node:test";
import { fileName, lastResort, shortName, turn } from "../../contest/static/js/judging/export.js";
import { listed, trouble } from "../../contest/static/js/judging/scan.js";

test("a file is named after its tablet and the time on it", () => {
  const now = new Date(2024, 8, 2, 8, 1);
  assert.equal(fileName("3f2a1122-aa", now), "phieu-3F2A-20240902-0801.json");
  assert.equal(fileName("may-1", now, 1), "phieu-MAY1-20240902-0801-2.json");
  assert.equal(shortName("a-b"), "AB");
});

test("codes go round, forwards and back", () => {
  assert.deepEqual([turn(0, 1, 3), turn(2, 1, 3), turn(0, -1, 3), turn(0, -1, 1)], [1, 0, 2, 0]);
});

test("a list that was kept before there was a last resort goes on without one", () => {
  assert.equal(lastResort(null, {}).draw(), undefined);
});

test("a camera that does not open says why", () => {
  const names = ["NotAllowedError", "NotFoundError", "OverconstrainedError", "NotReadableError", "TypeError"];
  assert.deepEqual(names.map((name) => trouble({ name })), ["refused", "none", "none", "failed", "failed"]);
});

test("only so many missing codes are named", () => {
  assert.equal(listed([2, 5]), "2, 5");
  assert.equal(listed(Array.from({ length: 13 }, (_, index) => index)), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 …");
});
