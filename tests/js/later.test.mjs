// The preview of a contest's rules asks the server once typing has stopped, with what was typed last.
import assert from "node:assert/strict";
import test from "node:test";
import { later } from "../../contest/static/js/contests/later.js";

function clock() {
  const waiting = new Map();
  let last = 0;
  return {
    setTimeout: (act) => (waiting.set(++last, act), last),
    clearTimeout: (id) => waiting.delete(id),
    ring: () => waiting.forEach((act, id) => (waiting.delete(id), act())),
  };
}

test("many calls in a row act once, with the last facts", () => {
  const timers = clock();
  const seen = [];
  const act = later((text) => seen.push(text), 600, timers);

  act("a");
  act("ab");
  timers.ring();
  timers.ring();
  act("abc");
  timers.ring();

  assert.deepEqual(seen, ["ab", "abc"]);
});
