// The draft: dropped lines, closed browsers, two devices, expired sign-ins. Time and line are made up.
import assert from "node:assert/strict";
import test from "node:test";

import { Draft, deviceStore } from "../../contest/static/js/entries/draft.js";

class Shelf {
  map = new Map();
  get length() { return this.map.size; }
  key(i) { return [...this.map.keys()][i]; }
  getItem(id) { return this.map.get(id) ?? null; }
  setItem(id, value) { this.map.set(id, value); }
  removeItem(id) { this.map.delete(id); }
}

// A server of one draft that can be away, signed out, or written to by someone else.
function server(title = "", text = "") {
  const self = {
    title, text, revision: 0, aside: [], calls: 0, mode: "on",
    async send(body) {
      self.calls += 1;
      if (self.mode === "away") throw new TypeError("network");
      if (self.mode === "signedOut") return { status: 401, body: null };
      if (self.mode === "closed") return { status: 409, body: { state: "refused", message: "Đã hết hạn." } };
      const facts = () => ({ title: self.title, text: self.text, revision: self.revision, saved: `r${self.revision}` });
      if (body.pick === "theirs") {
        self.aside.push(body.text);
        return { status: 200, body: { state: "saved", ...facts() } };
      }
      if (body.text === self.text && body.title === self.title) return { status: 200, body: { state: "saved", ...facts() } };
      if (body.revision !== self.revision) return { status: 409, body: { state: "conflict", ...facts() } };
      if (body.pick === "mine") self.aside.push(self.text);
      Object.assign(self, { title: body.title, text: body.text, revision: self.revision + 1 });
      return { status: 200, body: { state: "saved", ...facts() } };
    },
  };
  return self;
}

function page(host, { shelf = new Shelf(), windowId = "w1", clock = { now: 0 }, key = "bai:TK1" } = {}) {
  const timers = [];
  const shown = [];
  const replaced = [];
  const draft = new Draft({
    title: host.title, text: host.text, revision: host.revision,
    send: (body) => host.send(body),
    store: deviceStore(shelf, key, windowId),
    now: () => clock.now,
    later(act, ms) {
      const timer = { act, at: clock.now + ms };
      timers.push(timer);
      return () => timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    show: (name, facts) => shown.push([name, facts]),
    replace: (value) => replaced.push(value),
  });
  async function pass(ms) {
    clock.now += ms;
    for (const timer of timers.filter((one) => one.at <= clock.now)) {
      timers.splice(timers.indexOf(timer), 1);
      await timer.act();
    }
  }
  return { draft, shown, replaced, pass, shelf, clock, timers, last: () => shown.at(-1)?.[0] };
}

test("what is typed reaches the server a moment after the last key, once", async () => {
  const host = server();
  const { draft, pass, shelf, last } = page(host);

  draft.edit({ title: "A", text: "m" });
  draft.edit({ title: "A", text: "mộ" });
  draft.edit({ title: "A", text: "một" });
  await pass(1500);

  assert.equal(host.text, "một");
  assert.equal(host.calls, 1);
  assert.equal(last(), "saved");
  assert.equal(shelf.length, 0, "a shared phone keeps nothing once the server has it");
});

test("someone who never stops typing is saved all the same", async () => {
  const host = server();
  const { draft, pass } = page(host);

  for (let i = 1; i <= 12; i += 1) {
    draft.edit({ title: "A", text: "x".repeat(i) });
    await pass(1000);
  }

  assert.ok(host.calls >= 1);
});

test("while the line is away the text is on this device, and goes when it is back", async () => {
  const host = server();
  const { draft, pass, shelf, shown, last } = page(host);
  host.mode = "away";

  draft.edit({ title: "A", text: "viết trong bản" });
  await pass(1500);
  const kept = JSON.parse(shelf.getItem("bai-du-thi:bai:TK1:w1"));
  const state = last();
  host.mode = "on";
  await pass(3000);

  assert.equal(state, "local");
  assert.equal(kept.text, "viết trong bản");
  assert.equal(host.text, "viết trong bản");
  assert.equal(shown.at(-1)[0], "saved");
});

test("a closed browser gives the unsent text back, and nothing of it is sent unasked", async () => {
  const host = server("A", "cũ");
  host.revision = 4;
  const first = page(host);
  host.mode = "away";
  first.draft.edit({ title: "A", text: "mới viết" });
  await first.pass(1500);
  host.mode = "on";

  const second = page(host, { shelf: first.shelf, windowId: "w2", clock: { now: 60000 } });
  const offered = second.draft.begin();
  const callsBefore = host.calls;
  await second.draft.settleOffer("mine");

  assert.equal(offered, true);
  assert.equal(callsBefore, 1);
  assert.equal(host.text, "mới viết");
  assert.deepEqual(second.replaced, [{ title: "A", text: "mới viết" }]);
  assert.equal(second.shelf.length, 0);
});

test("the text not taken after reopening is kept on the server", async () => {
  const host = server("A", "cũ");
  const first = page(host);
  host.mode = "away";
  first.draft.edit({ title: "A", text: "bỏ" });
  host.mode = "on";

  const second = page(host, { shelf: first.shelf, windowId: "w2", clock: { now: 60000 } });
  second.draft.begin();
  await second.draft.settleOffer("theirs");

  assert.deepEqual(host.aside, ["bỏ"]);
  assert.equal(host.text, "cũ");
  assert.equal(second.shelf.length, 0);
});

test("another window of this browser that is being written in is not offered as lost", () => {
  const host = server("A", "cũ");
  const first = page(host, { clock: { now: 1000 } });
  first.draft.edit({ title: "A", text: "đang gõ" });

  const second = page(host, { shelf: first.shelf, windowId: "w2", clock: { now: 2000 } });

  assert.equal(second.draft.begin(), false);
});

test("two devices: both texts are shown, nothing is sent until a person picks", async () => {
  const host = server("A", "chung");
  const phone = page(host);
  const office = page(host, { windowId: "w2" });
  office.draft.edit({ title: "A", text: "ở cơ quan" });
  await office.pass(1500);

  phone.draft.edit({ title: "A", text: "trên điện thoại" });
  await phone.pass(1500);
  const [state, facts] = phone.shown.at(-1);
  phone.draft.edit({ title: "A", text: "trên điện thoại, tiếp" });
  await phone.pass(60000);

  assert.equal(state, "conflict");
  assert.deepEqual([facts.mine.text, facts.theirs.text], ["trên điện thoại", "ở cơ quan"]);
  assert.equal(host.text, "ở cơ quan");

  await phone.draft.pick("mine");
  assert.equal(host.text, "trên điện thoại, tiếp");
  assert.deepEqual(host.aside, ["ở cơ quan"]);
  assert.equal(phone.last(), "saved");
});

test("picking the other device's text puts it on the page and keeps one's own aside", async () => {
  const host = server("A", "chung");
  const phone = page(host);
  Object.assign(host, { text: "ở cơ quan", revision: 1 });
  phone.draft.edit({ title: "A", text: "trên điện thoại" });
  await phone.pass(1500);

  await phone.draft.pick("theirs");

  assert.deepEqual(phone.replaced, [{ title: "A", text: "ở cơ quan" }]);
  assert.deepEqual(host.aside, ["trên điện thoại"]);
  assert.equal(phone.draft.revision, 1);
});

test("an expired sign-in loses nothing: the text waits here and goes on after signing in", async () => {
  const host = server();
  const { draft, pass, shelf, last } = page(host);
  host.mode = "signedOut";
  draft.edit({ title: "A", text: "dài" });
  await pass(1500);
  const state = last();
  const kept = shelf.length;
  host.mode = "on";

  await draft.resume();

  assert.deepEqual([state, kept, host.text], ["signedOut", 1, "dài"]);
});

test("after closing, the server's words are shown and the text stays on this device", async () => {
  const host = server();
  const { draft, pass, shown, shelf } = page(host);
  host.mode = "closed";
  draft.edit({ title: "A", text: "muộn" });
  await pass(1500);

  assert.deepEqual(shown.at(-1), ["refused", { message: "Đã hết hạn." }]);
  assert.equal(shelf.length, 1);
});

test("typing on while a save is under way ends with the newest text on the server", async () => {
  const host = server();
  let release;
  const slow = host.send;
  host.send = async (body) => {
    await new Promise((resolve) => { release = resolve; });
    return slow(body);
  };
  const { draft, pass } = page(host);
  draft.edit({ title: "A", text: "một" });
  const saving = draft.save();
  draft.edit({ title: "A", text: "một hai" });
  release();
  host.send = slow;
  const isThere = await saving;
  await pass(1500);

  assert.equal(isThere, false);
  assert.equal(host.text, "một hai");
});

test("drafts of another account on the same device are not offered", () => {
  const host = server("A", "cũ");
  const shelf = new Shelf();
  const first = page(host, { shelf });
  first.draft.edit({ title: "A", text: "của tôi" });

  const other = page(host, { shelf, windowId: "w2", key: "bai:TK2", clock: { now: 60000 } });

  assert.equal(other.draft.begin(), false);
});

test("two who wait for the same save do not send the text side by side", async () => {
  const host = server();
  let atOnce = 0;
  let most = 0;
  const slow = { ...host, async send(body) {
    most = Math.max(most, (atOnce += 1));
    await new Promise((done) => setTimeout(done, 5));
    const answer = await host.send(body);
    atOnce -= 1;
    return answer;
  } };
  const { draft } = page(slow);

  draft.edit({ title: "T", text: "một" });
  const first = draft.save();
  draft.edit({ title: "T", text: "một hai" });
  // The timer, and the button that leads on.
  const [timer, button] = await Promise.all([draft.save(), draft.save(), first]);

  assert.deepEqual([timer, button, most, host.calls], [true, true, 1, 2]);
  assert.equal(host.text, "một hai");
});

// A window that was closed with a text the line had not taken.
async function leftUnsent(text) {
  const host = server("A", text);
  const shelf = new Shelf();
  const clock = { now: 0 };
  const { draft } = page(host, { shelf, clock });
  host.mode = "away";
  draft.edit({ title: "A", text: "viết khi mất mạng" });
  await draft.save();
  return { host, shelf, clock };
}

test("an offered text outlives typing on and a closed page, until somebody settles it", async () => {
  const { host, shelf, clock } = await leftUnsent("bản trên máy chủ");

  // The same window comes back; its person overlooks the offer, types on, and that is saved.
  host.mode = "on";
  clock.now += 60000;
  const second = page(host, { shelf, clock });
  assert.equal(second.draft.begin(), true);
  second.draft.edit({ title: "A", text: "viết tiếp bản trên máy chủ" });
  assert.equal(await second.draft.save(), true);

  clock.now += 60000;
  const third = page(host, { shelf, clock });
  assert.equal(third.draft.begin(), true);
  assert.equal(third.draft.offered.text, "viết khi mất mạng");
  await third.draft.settleOffer("theirs");
  assert.deepEqual(host.aside, ["viết khi mất mạng"]);

  clock.now += 60000;
  assert.equal(page(host, { shelf, clock }).draft.begin(), false);
});

test("an offered text that is taken is gone from the device once it is stored", async () => {
  const { host, shelf, clock } = await leftUnsent("cũ");
  host.mode = "on";
  clock.now += 60000;

  const second = page(host, { shelf, clock });
  second.draft.begin();
  await second.draft.settleOffer("mine");

  assert.equal(host.text, "viết khi mất mạng");
  assert.equal(shelf.length, 0);
});

test("a device that is full still offers the text", async () => {
  const { host, shelf, clock } = await leftUnsent("cũ");
  clock.now += 60000;
  shelf.setItem = () => { throw new Error("quota"); };

  const second = page(host, { shelf, clock });

  assert.equal(second.draft.begin(), true);
  assert.equal(second.draft.offered.text, "viết khi mất mạng");
});
