// Boxes over a page: the same place on the page whatever the screen, and never off it.
import assert from "node:assert/strict";
import test from "node:test";
import { between, isBox, LEAST, moved, pointOn, sized, written } from "../../contest/static/js/entries/boxes.js";

const phone = { left: 17, top: -340, width: 326, height: 461 };
const screen = { left: 200, top: 90, width: 1304, height: 1844 };

test("the same place on the page is the same point on a phone and on a wide screen", () => {
  assert.deepEqual(pointOn(phone, 17 + 163, -340 + 461), [500, 1000]);
  assert.deepEqual(pointOn(screen, 200 + 652, 90 + 1844), [500, 1000]);
});

test("a finger that slips off the page stays at its edge", () => {
  assert.deepEqual(pointOn(phone, -50, 5000), [0, 1000]);
  assert.deepEqual(pointOn(phone, 5000, -5000), [1000, 0]);
});

test("a box is the same drawn from any corner", () => {
  for (const [a, b] of [[[100, 200], [300, 260]], [[300, 260], [100, 200]], [[100, 260], [300, 200]]]) {
    assert.deepEqual(between(a, b), [100, 200, 300, 260]);
  }
});

test("a tap is no box", () => {
  assert.equal(isBox(between([100, 100], [103, 140])), false);
  assert.equal(isBox(between([100, 100], [100 + LEAST, 100 + LEAST])), true);
});

test("a pushed box stays on the page and keeps its size", () => {
  assert.deepEqual(moved([900, 10, 980, 60], 50, -50), [920, 0, 1000, 50]);
  assert.deepEqual(moved([0, 0, 1000, 100], -10, 10), [0, 10, 1000, 110]);
});

test("a pulled box neither vanishes nor leaves the page", () => {
  assert.deepEqual(sized([500, 500, 600, 600], 1000, -1000), [500, 500, 1000, 500 + LEAST]);
});

test("the server reads four numbers a box", () => {
  assert.equal(written([[1, 2, 30, 40], [0, 0, 1000, 160]]), "1,2,30,40 0,0,1000,160");
});
