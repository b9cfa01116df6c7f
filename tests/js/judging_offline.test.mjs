import assert from "node:assert/strict";
import { test } from "node:test";
import { getPage, prepare, renewWorker, startWorker } from "../../contest/static/js/judging/offline.js";
import { store } from "../../contest/static/js/judging/store.js";
import { memory } from "./memory.mjs";

const sheets = (...stamps) => stamps.map((stamp, index) => ({ path: `/cham/${index}`, stamp }));

/** A tablet and its line: `answers` by path, true where nothing else is said. What comes is kept. */
function tablet(answers = {}) {
  const pages = new Set();
  const keep = store("7", memory());
  const it = { keep, pages, answers, asked: [], said: [], most: 0 };
  let now = 0;
  it.ready = (list, options = {}) => prepare(list, {
    keep,
    kept: async (path) => pages.has(path),
    async get(path) {
      it.asked.push(path);
      it.most = Math.max(it.most, now += 1);
      await new Promise((resolve) => { setTimeout(resolve, 1); });
      now -= 1;
      const came = path in it.answers ? it.answers[path] : true;
      if (came) pages.add(path);
      return came;
    },
    progress: (done, count) => it.said.push(`${done}/${count}`),
    ...options,
  });
  return it;
}

test("every sheet is fetched once, two at a time, and the progress is told", async () => {
  const it = tablet();
  assert.equal(await it.ready(sheets("a", "a", "a")), 3);
  assert.deepEqual([it.asked, it.most, it.said], [["/cham/0", "/cham/1", "/cham/2"], 2, ["0/3", "1/3", "2/3", "3/3"]]);
  assert.equal(it.keep.setting("da-tai", "0"), "3");
});

test("with the stamps of before only what changed is fetched", async () => {
  const it = tablet();
  await it.ready(sheets("a", "a", "a"));
  it.asked.length = 0;
  it.said.length = 0;
  assert.equal(await it.ready(sheets("a", "b", "a")), 3);
  assert.deepEqual([it.asked, it.said], [["/cham/1"], ["2/3", "3/3"]]);
});

test("a stamp is no proof: pages that were wiped since are fetched again", async () => {
  const it = tablet();
  await it.ready(sheets("a", "a"));
  it.asked.length = 0;
  it.pages.clear(); // a sign-in that ended, or a browser short of room
  assert.equal(await it.ready(sheets("a", "a")), 2);
  assert.deepEqual(it.asked, ["/cham/0", "/cham/1"]);
});

test("what came and was not kept does not count", async () => {
  const it = tablet();
  assert.equal(await it.ready(sheets("a", "a"), { kept: async (path) => path === "/cham/1" }), 1);
  assert.equal(it.keep.setting("da-tai", "0"), "1");
});

test("without a line it stops, and goes on there later", async () => {
  const it = tablet({ "/cham/2": null });
  assert.equal(await it.ready(sheets("a", "a", "a", "a", "a", "a"), { lanes: 1 }), 2);
  assert.deepEqual(it.asked, ["/cham/0", "/cham/1", "/cham/2"]);
  it.answers = {};
  it.asked.length = 0;
  assert.equal(await it.ready(sheets("a", "a", "a", "a", "a", "a"), { lanes: 1 }), 6);
  assert.deepEqual(it.asked, ["/cham/2", "/cham/3", "/cham/4", "/cham/5"]);
});

test("the other lane finishes what it has begun and begins nothing more", async () => {
  const it = tablet({ "/cham/0": null });
  assert.equal(await it.ready(sheets("a", "a", "a", "a")), 1);
  assert.deepEqual(it.asked, ["/cham/0", "/cham/1"]);
});

test("one page that does not come holds up no other", async () => {
  const it = tablet({ "/cham/0": false });
  assert.equal(await it.ready(sheets("a", "a", "a"), { lanes: 1 }), 2);
  assert.deepEqual(it.said.at(-1), "2/3");
});

test("sheets that are no longer assigned are forgotten; none at all is no trouble", async () => {
  const it = tablet();
  await it.ready(sheets("a", "a"));
  assert.equal(await it.ready(sheets("a")), 1);
  assert.deepEqual(JSON.parse(it.keep.setting("dau", "")), { "/cham/0": "a" });
  assert.equal(await it.ready([]), 0);
  assert.equal(it.keep.setting("da-tai", "0"), "0");
});

// ---- getPage, startWorker: with a browser's parts in place of a browser ----

function net(answers) {
  const asked = [];
  globalThis.DOMParser = class {
    parseFromString(text) {
      const found = [...text.matchAll(/src="([^"]+)"/g)].map(([, src]) => ({ getAttribute: () => src }));
      return { querySelectorAll: () => found };
    }
  };
  globalThis.fetch = async (path, { cache }) => {
    asked.push(`${path} ${cache}`);
    if (!answers[path]) throw new TypeError("no line");
    return { ok: true, status: 200, redirected: false, text: async () => "", ...answers[path] };
  };
  return asked;
}

test("a page comes with its pictures, both anew; pictures of elsewhere are left", async () => {
  const asked = net({ "/cham/0": { text: async () => '<img src="/cham/0/trang/1"><img src="/static/x.png">' }, "/cham/0/trang/1": {} });
  assert.equal(await getPage("/cham/0"), true);
  assert.deepEqual(asked, ["/cham/0 reload", "/cham/0/trang/1 reload"]);
});

for (const [name, answers, came] of [
  ["no line", {}, null],
  ["signed out", { "/cham/0": { redirected: true } }, null],
  ["401", { "/cham/0": { ok: false, status: 401 } }, null],
  ["a page that is gone", { "/cham/0": { ok: false, status: 404 } }, false],
  ["a picture that is missing", { "/cham/0": { text: async () => '<img src="/cham/0/trang/1">' }, "/cham/0/trang/1": { ok: false } }, false],
  ["a line cut between page and picture", { "/cham/0": { text: async () => '<img src="/cham/0/trang/1">' } }, null],
]) {
  test(`${name}: ${came === null ? "no more is asked for" : "the next one may come"}`, async () => {
    net(answers);
    assert.equal(await getPage("/cham/0"), came);
  });
}

function browser({ controller, refuses = false }) {
  const log = [];
  const heard = [];
  const container = {
    controller,
    register: async (address, { scope }) => { log.push(`register ${address} ${scope}`); if (refuses) throw new Error("refused"); },
    addEventListener: (_name, then) => heard.push(then),
    get ready() {
      return Promise.resolve({ active: { postMessage(message, [port]) { log.push(message.owner); port.postMessage("done"); setTimeout(() => { container.controller = {}; heard.forEach((then) => then()); }, 5); } } });
    },
  };
  Object.defineProperty(globalThis, "navigator", { value: { serviceWorker: container }, configurable: true });
  return { log, container };
}

test("the worker is ready when it knows the owner and serves this page", async () => {
  const { log } = browser({ controller: {} });
  assert.equal(await startWorker("7"), true);
  assert.deepEqual(log, ["register /cham-may.js /cham", "7"]);
  const { container } = browser({ controller: null });
  assert.equal(await startWorker("7"), true);
  assert.notEqual(container.controller, null);
});

test("a browser without workers, or that refuses one, says so", async () => {
  browser({ controller: null, refuses: true });
  assert.equal(await startWorker("7"), false);
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  assert.equal(await startWorker("7"), false);
});

/** A browser whose worker is `active`, with another on its way in `state`. */
function renewing(state, { active = {}, update = async () => {} } = {}) {
  const log = [];
  const heard = [];
  const go = (next) => { coming.state = next; heard.forEach((then) => then()); };
  const coming = state && {
    state,
    addEventListener: (_name, then) => heard.push(then),
    postMessage: ({ say }) => { log.push(`${say} ${coming.state}`); setTimeout(() => { log.push("activated"); go("activated"); }, 1); },
  };
  const registration = { active, update, installing: state === "installing" ? coming : null, waiting: state === "installed" ? coming : null };
  Object.defineProperty(globalThis, "navigator", { value: { serviceWorker: { getRegistration: async () => registration } }, configurable: true });
  return { log, go };
}

test("a renewed worker is told to take over when it is installed, and waited for", async () => {
  const waiting = renewing("installed");
  await renewWorker();
  assert.deepEqual(waiting.log, ["now installed", "activated"]);
  const coming = renewing("installing");
  setTimeout(() => coming.go("installed"), 5);
  await renewWorker();
  assert.deepEqual(coming.log, ["now installed", "activated"]);
});

test("nothing is waited for when nothing comes: no new worker, no line, none at all, one that fails", async () => {
  renewing(null);
  await renewWorker();
  renewing(null, { update: async () => { throw new TypeError("no line"); } });
  await renewWorker();
  renewing("installing", { active: null });
  await renewWorker();
  const failing = renewing("installing");
  setTimeout(() => failing.go("redundant"), 5);
  await renewWorker();
  assert.deepEqual(failing.log, []);
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  await renewWorker();
});
