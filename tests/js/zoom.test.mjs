// The place one tapped is in the middle after enlarging, unless it lies at the picture's edge.
import assert from "node:assert/strict";
import test from "node:test";
import { scrolled } from "../../contest/static/js/zoom.js";

const picture = { width: 900, height: 1270 };
const phone = { width: 360, height: 680 };

test("the tapped place comes to the middle", () => {
  assert.deepEqual(scrolled({ x: 0.5, y: 0.5 }, picture, phone), { scrollLeft: 270, scrollTop: 295 });
});

test("a place at an edge shows the edge, nothing past it", () => {
  assert.deepEqual(scrolled({ x: 0, y: 0 }, picture, phone), { scrollLeft: 0, scrollTop: 0 });
  assert.deepEqual(scrolled({ x: 1, y: 1 }, picture, phone), { scrollLeft: 540, scrollTop: 590 });
});

test("a picture smaller than the window is not scrolled", () => {
  assert.deepEqual(scrolled({ x: 0.9, y: 0.9 }, { width: 300, height: 400 }, phone), { scrollLeft: 0, scrollTop: 0 });
});
