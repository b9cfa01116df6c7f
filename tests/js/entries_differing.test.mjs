// Two versions of one text: only where they differ, with a few words around.
import assert from "node:assert/strict";
import test from "node:test";
import { differing } from "../../contest/static/js/entries/differing.js";

const long = "Bà con thôn Ngòi Sen góp công làm đường. ".repeat(20);

test("a changed word is shown whole, with what stands around it", () => {
  assert.deepEqual(differing("bà con góp đất mở đường", "bà con góp đá mở đường"), {
    before: "bà con góp ", mine: "đất", theirs: "đá", after: " mở đường",
  });
});

test("of a long common beginning and ending only the nearest words are left", () => {
  const found = differing(`${long}MỘT ${long}`, `${long}HAI ${long}`);

  assert.equal(found.mine.trim(), "MỘT");
  assert.equal(found.theirs.trim(), "HAI");
  assert.ok(found.before.startsWith("…") && found.before.length < 110);
  assert.ok(found.after.endsWith("…") && found.after.length < 110);
});

test("text added at the end stands on one side only", () => {
  const found = differing("một hai", "một hai ba");

  assert.equal(found.before + found.mine + found.after, "một hai");
  assert.equal(found.before + found.theirs + found.after, "một hai ba");
});

test("put together again each version is complete when short", () => {
  for (const [mine, theirs] of [["", "một"], ["a a a", "a a"], ["xin chào", "chào"], ["như nhau", "như nhau"]]) {
    const { before, mine: left, theirs: right, after } = differing(mine, theirs);
    assert.deepEqual([before + left + after, before + right + after], [mine, theirs]);
  }
});
