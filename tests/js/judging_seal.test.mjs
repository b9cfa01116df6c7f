// What a tablet seals files with: where it is kept, and when it goes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { store } from "../../contest/static/js/judging/store.js";
import { memory } from "./memory.mjs";

const KEY = "0f".repeat(32);

/** The second place, in memory, as durable.js speaks of it. */
function second() {
  const held = new Map();
  return { held, put: async (key, value) => { held.set(key, value); }, drop: async (key) => { held.delete(key); }, all: async () => [...held] };
}

const names = (...places) => places.map((place) => [...place.held.keys()]);

test("the key a page brought is kept in both places, and outlives a page that brings none", async () => {
  const [first, other] = [memory(), second()];
  store("7", first, other).keepSeal("57", KEY);
  const keep = store("7", first, other);
  keep.keepSeal(undefined, undefined); // kept from before there were seals
  assert.deepEqual(keep.seal(), { signIn: "57", key: KEY });
  assert.deepEqual(names(first, other), [["cham/7/niem/"], ["cham/7/niem/"]]);
});

test("without a key there is none, and a newer sign-in's takes the place of the one before", () => {
  const keep = store("7", memory(), second());
  assert.equal(keep.seal(), null);
  keep.keepSeal("57", KEY);
  keep.keepSeal("58", "1f".repeat(32));
  assert.deepEqual(keep.seal(), { signIn: "58", key: "1f".repeat(32) });
});

test("a dead battery: the second place brings the key back, and not over a newer one", async () => {
  const other = second();
  store("7", memory(), other).keepSeal("57", KEY);
  const keep = store("7", memory(), other);
  assert.deepEqual([await keep.restore(), keep.seal()], [[], { signIn: "57", key: KEY }]);

  const newer = memory();
  store("7", newer).keepSeal("58", KEY);
  const again = store("7", newer, other);
  await again.restore();
  assert.equal(again.seal().signIn, "58");
});

test("a full tablet holds the key as long as the page lives", async () => {
  const full = memory();
  full.full = true;
  const keep = store("7", full);
  keep.keepSeal("57", KEY);
  assert.deepEqual([keep.seal().signIn, keep.full, full.held.size], ["57", false, 0]);
  keep.dropSeals();
  assert.equal(keep.seal(), null);

  const other = second();
  store("7", memory(), other).keepSeal("57", KEY);
  const back = store("7", full, other);
  await back.restore();
  assert.equal(back.seal().signIn, "57");
});

test("another judge's key goes from both places, and the marks that wait do not", async () => {
  const [first, other] = [memory(), second()];
  const before = store("7", first, other);
  before.keepSeal("57", KEY);
  before.put({ seq: 1, uuid: "a", sheet: "s", body: {}, tries: 0, refusal: null });
  const keep = store("8", first, other);
  keep.keepSeal("60", KEY);
  assert.deepEqual(names(first, other), [["cham/7/ban/a", "cham/8/niem/"], ["cham/7/ban/a", "cham/8/niem/"]]);
  assert.deepEqual([keep.othersWaiting(), before.seal()], [1, null]);

  // One that was left in the second place alone.
  other.held.set("cham/7/niem/", { signIn: "57", key: KEY });
  await keep.restore();
  assert.deepEqual(names(other), [["cham/7/ban/a", "cham/8/niem/"]]);
});

test("signing out takes the key along", () => {
  const [first, other] = [memory(), second()];
  const keep = store("7", first, other);
  keep.keepSeal("57", KEY);
  keep.dropSeals();
  assert.deepEqual([names(first, other), keep.seal()], [[[], []], null]);
});
