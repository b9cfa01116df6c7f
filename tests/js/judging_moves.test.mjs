// A page that leads on by itself does not take the judge's tap back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mover } from "../../contest/static/js/judging/moves.js";

function hall(before) {
  const heard = {};
  const clocks = [];
  const acts = [];
  const move = mover({ addEventListener: (name, act) => { heard[name] = act; } }, before, (then, wait) => { clocks.push({ then, wait }); });
  const link = (attributes) => ({ target: attributes.target || "", hasAttribute: (name) => name in attributes, getAttribute: (name) => attributes[name] });
  const tap = (attributes, event = {}) => heard.click({ target: { closest: () => (attributes ? link(attributes) : null) }, ...event });
  const longest = () => clocks.filter(({ wait }) => wait > 10000).pop();
  return { heard, acts, tap, longest, move: (name) => move(() => acts.push(name)), clocks };
}

test("a page that nobody leaves leads on", async () => {
  const { move, acts } = hall();
  await move("reload");
  assert.deepEqual(acts, ["reload"]);
});

for (const [name, start] of [["a tap on a link", ({ tap }) => tap({ href: "/cham" })], ["any other way off", ({ heard }) => heard.beforeunload({})]]) {
  test(`${name} comes first; only when it leads nowhere the page goes on, once`, async () => {
    const it = hall();
    start(it);
    await it.move("old");
    await it.move("reload");
    assert.deepEqual(it.acts, []);
    it.longest().then();
    it.longest().then();
    assert.deepEqual(it.acts, ["reload"]);
    await it.move("again");
    assert.deepEqual(it.acts, ["reload", "again"]);
  });
}

test("a tap while something is still being written comes first as well", async () => {
  let written;
  const it = hall(() => new Promise((resolve) => { written = resolve; }));
  const moved = it.move("reload");
  it.tap({ href: "/cham" });
  written();
  await moved;
  assert.deepEqual(it.acts, []);
});

test("what must be written first is waited for, and not for ever", async () => {
  const it = hall(() => new Promise(() => {}));
  const moved = it.move("reload");
  assert.deepEqual(it.acts, []);
  it.clocks[0].then();
  await moved;
  assert.deepEqual(it.acts, ["reload"]);
});

test("what does not lead away holds nothing up", async () => {
  for (const [link, event] of [
    [null], [{ href: "#dau" }], [{ href: "/tep", download: "" }], [{ href: "/x", target: "_blank" }],
    [{ href: "/x" }, { defaultPrevented: true }], [{ href: "/x" }, { ctrlKey: true }],
  ]) {
    const it = hall();
    it.tap(link, event);
    await it.move("reload");
    assert.deepEqual(it.acts, ["reload"]);
  }
});
