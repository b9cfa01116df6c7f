import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import vm from "node:vm";

const SOURCE = await readFile(new URL("../../contest/static/js/judging/worker.js", import.meta.url), "utf8");
const ROOT = "http://hall";
const SHEET = `/cham/${"a".repeat(32)}`;
const OTHER = `/cham/${"b".repeat(32)}`;
const PICTURE = `${SHEET}/trang/1`;
const CONFIG = { assets: ["/static/css/app.css?v=1", "/static/js/main.js"], offline: "/cham/ngoai-tuyen", wait: 20 };

const absolute = (one) => new URL(typeof one === "string" ? one : one.url, ROOT).href;

/** CacheStorage in memory, by whole address; ignoreSearch as the real one. */
function cacheStorage() {
  const all = new Map();
  const cache = (held) => ({
    held,
    async match(request, { ignoreSearch } = {}) {
      const bare = (url) => (ignoreSearch ? url.split("?")[0] : url);
      const found = [...held.keys()].find((url) => bare(url) === bare(absolute(request)));
      return found && held.get(found).clone();
    },
    put: async (request, answer) => { held.set(absolute(request), answer); },
    delete: async (request) => held.delete(absolute(request)),
    keys: async () => [...held.keys()].map((url) => new Request(url)),
  });
  return {
    all,
    async open(name) {
      if (!all.has(name)) all.set(name, cache(new Map()));
      return all.get(name);
    },
    delete: async (name) => all.delete(name),
    async match(request, options) {
      for (const one of all.values()) { const found = await one.match(request, options); if (found) return found; }
      return undefined;
    },
  };
}

/** The worker, loaded; `net` answers its requests: a function of the request, or nothing for a dead line. */
async function worker(net) {
  const heard = {};
  const asked = [];
  const caches = cacheStorage();
  const log = [];
  const self = {
    location: { origin: ROOT }, addEventListener: (name, act) => { heard[name] = act; },
    skipWaiting: async () => log.push("skip"), clients: { claim: async () => log.push("claim") },
  };
  const at = { net };
  const fetch = async (request) => {
    asked.push(`${new URL(request.url).pathname} ${request.cache}`);
    if (!at.net) throw new TypeError("no line");
    return at.net(request);
  };
  const open = caches.open;
  caches.open = async (name) => {
    const cache = await open(name);
    // As the real one: all or nothing.
    cache.addAll = async (requests) => {
      const answers = await Promise.all(requests.map(fetch));
      if (answers.some((answer) => !answer.ok)) throw new TypeError("not ok");
      requests.forEach((request, index) => cache.held.set(request.url, answers[index]));
    };
    return cache;
  };
  class Local extends Request { constructor(url, options) { super(absolute(url), options); } }
  vm.runInNewContext(SOURCE, { CONFIG, self, caches, fetch, Request: Local, Response, URL, Promise, Error, String, setTimeout });

  async function event(name, extra = {}) {
    const waits = [];
    let answer = null;
    heard[name]({ ...extra, waitUntil: (promise) => waits.push(promise), respondWith: (promise) => { answer = promise; } });
    const got = await answer;
    return { got, done: () => Promise.all(waits) };
  }
  /** What a browser that asks for the path gets; null when the worker does not answer for it. */
  async function get(path, options = {}) {
    const { got, done } = await event("fetch", { request: new Request(ROOT + path, options) });
    if (!options.keepWaiting) await done();
    return got;
  }
  const say = async (data, ports = []) => (await event("message", { data, ports })).done();
  const kept = async (name = "cham-bai") => [...((await open(name)).held.keys())].map((url) => url.slice(ROOT.length)).filter((path) => path !== "/cham/.chu-may").sort();
  return { at, asked, log, event, get, say, kept, caches };
}

const page = (text, status = 200) => () => new Response(text, { status });
const away = () => { const answer = new Response("sign in"); Object.defineProperty(answer, "redirected", { value: true }); return answer; };
const opaque = () => ({ ok: false, status: 0, type: "opaqueredirect", redirected: false, clone() { return this; } });
const never = () => new Promise(() => {});
const text = async (answer) => (await answer).text();

test("install takes every asset and the page that says what is missing, past the browser's own cache", async () => {
  const { event, asked, kept, log, say } = await worker(page("x"));
  await (await event("install")).done();
  assert.deepEqual(asked, ["/static/css/app.css no-cache", "/static/js/main.js no-cache", "/cham/ngoai-tuyen no-cache"]);
  assert.deepEqual(await kept("cham-may"), ["/cham/ngoai-tuyen", "/static/css/app.css?v=1", "/static/js/main.js"]);
  assert.deepEqual(log, []); // the worker of before goes on until the list says so
  await say({ say: "now" });
  assert.deepEqual(log, ["skip"]);
});

test("an asset that does not come fails the install, so that the worker of before stays", async () => {
  const { event } = await worker((request) => new Response("", { status: request.url.includes("main") ? 502 : 200 }));
  await assert.rejects(async () => (await event("install")).done());
});

test("a page comes from the network while there is one, and from what is kept when the line is dead", async () => {
  const it = await worker(page("first"));
  assert.equal(await text(it.get(SHEET)), "first");
  it.at.net = page("second");
  assert.equal(await text(it.get(SHEET)), "second");
  it.at.net = null;
  assert.equal(await text(it.get(SHEET)), "second");
  assert.equal(await text(it.get(`${SHEET}?sua=1`)), "second"); // kept without the question
});

test("a slow line shows what is kept, and the fresh page is kept when it comes", async () => {
  const it = await worker(page("old"));
  await it.get(SHEET);
  let come;
  it.at.net = () => new Promise((resolve) => { come = resolve; });
  const { got, done } = await it.event("fetch", { request: new Request(ROOT + SHEET) });
  assert.equal(await got.text(), "old");
  come(new Response("new"));
  await done();
  it.at.net = null;
  assert.equal(await text(it.get(SHEET)), "new");
});

test("a slow line is waited for when nothing is kept", async () => {
  const it = await worker(() => new Promise((resolve) => { setTimeout(() => resolve(new Response("late")), CONFIG.wait * 3); }));
  assert.equal(await text(it.get(SHEET)), "late");
});

for (const status of [502, 503, 504]) {
  test(`${status} is no service: what is kept is shown, and stays`, async () => {
    const it = await worker(page("kept"));
    await it.get(SHEET);
    it.at.net = page("bad gateway", status);
    assert.equal(await text(it.get(SHEET)), "kept");
    assert.deepEqual(await it.kept(), [SHEET]);
  });
}

test("500 is the service's own word: it is shown, and not kept", async () => {
  const it = await worker(page("kept"));
  await it.get(SHEET);
  it.at.net = page("fault", 500);
  assert.equal((await it.get(SHEET)).status, 500);
  it.at.net = null;
  assert.equal(await text(it.get(SHEET)), "kept");
});

test("without a line a page that was never kept says so; without even that page the line's failure shows", async () => {
  const it = await worker(page("no line here"));
  const bare = await worker(null);
  await (await it.event("install")).done();
  it.at.net = null;
  assert.equal(await text(it.get(SHEET)), "no line here");
  assert.equal((await bare.get(SHEET)).type, "error");
});

for (const [name, answer] of [["a redirect", opaque], ["a followed redirect", away], ["401", page("", 401)]]) {
  test(`${name} wipes every page: whoever holds the tablet now is not known`, async () => {
    const it = await worker(page("x"));
    await it.get(SHEET);
    await it.get(OTHER);
    await it.get(PICTURE);
    it.at.net = answer;
    await it.get("/cham");
    assert.deepEqual(await it.kept(), []);
  });
}

test("404 forgets that page alone", async () => {
  const it = await worker(page("x"));
  await it.get(SHEET);
  await it.get(OTHER);
  it.at.net = page("", 404);
  assert.equal((await it.get(SHEET)).status, 404);
  assert.deepEqual(await it.kept(), [OTHER]);
});

test("another owner wipes the pages before it is said to be done; the same one keeps them", async () => {
  const it = await worker(page("x"));
  const told = [];
  const port = { postMessage: () => told.push([...it.caches.all.get("cham-bai").held.keys()].length) };
  await it.say({ say: "owner", owner: "7" });
  await it.get(SHEET);
  await it.say({ say: "owner", owner: "7" }, [port]);
  assert.deepEqual(await it.kept(), [SHEET]);
  await it.say({ say: "owner", owner: "8" }, [port]);
  assert.deepEqual(await it.kept(), []);
  assert.deepEqual(told, [2, 1]); // with the owner's name itself
});

test("the page that names its owner is served by the worker from then on", async () => {
  const it = await worker(page("x"));
  await it.say({ say: "owner", owner: "7" });
  assert.deepEqual(it.log, ["claim"]);
});

test("pages nobody is known to own are wiped by the first who says so", async () => {
  const it = await worker(page("x"));
  await it.get(SHEET);
  await it.say({ say: "owner", owner: "7" });
  assert.deepEqual(await it.kept(), []);
});

test("`only` forgets sheets that are no longer assigned, with their pictures, and not whose they are", async () => {
  const it = await worker(page("x"));
  await it.say({ say: "owner", owner: "7" });
  for (const path of ["/cham", SHEET, PICTURE, OTHER, `${OTHER}/trang/1`]) await it.get(path);
  await it.say({ say: "only", keep: ["/cham", OTHER] });
  assert.deepEqual(await it.kept(), ["/cham", OTHER, `${OTHER}/trang/1`]);
  await it.say({ say: "owner", owner: "7" });
  assert.deepEqual(await it.kept(), ["/cham", OTHER, `${OTHER}/trang/1`]);
});

test("`forget` wipes", async () => {
  const it = await worker(page("x"));
  await it.get(SHEET);
  await it.say({ say: "forget" });
  assert.deepEqual(await it.kept(), []);
});

test("pictures are shown as kept, and fetched anew when the list asks for that", async () => {
  const it = await worker(page("first"));
  await it.get(PICTURE);
  it.at.net = page("second");
  assert.equal(await text(it.get(PICTURE)), "first");
  assert.equal(await text(it.get(PICTURE, { cache: "reload" })), "second");
  assert.equal(await text(it.get(PICTURE)), "second");
});

test("a list that makes the tablet ready gets a page from the network or not at all", async () => {
  const it = await worker(page("old"));
  await it.get(SHEET);
  it.at.net = null;
  await assert.rejects(it.get(SHEET, { cache: "reload" }));
  it.at.net = page("", 502);
  await assert.rejects(it.get(SHEET, { cache: "reload" }));
  it.at.net = page("new");
  assert.equal(await text(it.get(SHEET, { cache: "reload" })), "new");
});

test("a style is kept first; a page kept before the app was renewed makes do with the styles of now", async () => {
  const it = await worker(page("one"));
  await it.get("/static/css/app.css?v=1");
  it.at.net = page("two");
  assert.equal(await text(it.get("/static/css/app.css?v=1")), "one");
  it.at.net = null;
  assert.equal(await text(it.get("/static/css/app.css?v=0")), "one");
  assert.equal((await it.get("/static/css/other.css")).type, "error");
});

test("a script comes from the network; when that is slow or dead all are of one install", async () => {
  const it = await worker(page("installed"));
  await (await it.event("install")).done();
  it.at.net = page("of now");
  assert.equal(await text(it.get("/static/js/main.js?v=1")), "of now");
  it.at.net = never;
  assert.equal(await text(it.get("/static/js/main.js?v=2")), "installed");
  it.at.net = page("bad gateway", 502);
  assert.equal(await text(it.get("/static/js/main.js?v=2")), "installed");
  it.at.net = null;
  assert.equal(await text(it.get("/static/js/main.js")), "installed");
  await assert.rejects(it.get("/static/js/other.js"));
  it.at.net = page("renewed");
  await (await it.event("install")).done();
  it.at.net = null;
  assert.equal(await text(it.get("/static/js/main.js?v=1")), "renewed");
});

test("what fails is not kept", async () => {
  const it = await worker(page("", 404));
  for (const path of [PICTURE, "/static/css/x.css", "/static/js/x.js"]) await it.get(path);
  assert.deepEqual([await it.kept(), await it.kept("cham-may")], [[], []]);
});

test("marks, other rooms, other origins and who is signed in are none of the worker's business", async () => {
  const it = await worker(page("x"));
  for (const [path, options] of [["/cham/dong-bo", { method: "POST" }], ["/cham/phien", {}], ["/bai/1", {}], [`${SHEET}/gui`, {}]]) {
    assert.equal(await it.get(path, options), null);
  }
  const { got } = await it.event("fetch", { request: new Request(`http://else${SHEET}`) });
  assert.equal(got, null);
});

/** A request for the path, under way; come(answer) brings its answer. */
async function underWay(it, path) {
  let come;
  it.at.net = () => new Promise((resolve) => { come = resolve; });
  const event = it.event("fetch", { request: new Request(ROOT + path) });
  while (!come) await new Promise((resolve) => { setTimeout(resolve); });
  return async () => { come(new Response("of the judge before")); await (await event).done(); };
}

for (const path of [SHEET, PICTURE]) {
  const what = path === SHEET ? "a page" : "a picture";
  test(`${what} on its way while the judge signs out is not kept for the next`, async () => {
    const it = await worker(page("x"));
    await it.say({ say: "owner", owner: "7" });
    const come = await underWay(it, path);
    await it.caches.delete("cham-bai"); // as the button for signing out does
    await come();
    assert.deepEqual(await it.kept(), []);
  });

  test(`${what} on its way while another judge takes the tablet is not kept for that one`, async () => {
    const it = await worker(page("x"));
    await it.say({ say: "owner", owner: "7" });
    const come = await underWay(it, path);
    await it.caches.delete("cham-bai");
    await it.say({ say: "owner", owner: "8" });
    await come();
    assert.deepEqual(await it.kept(), []);
    const later = await underWay(it, path);
    await it.say({ say: "owner", owner: "9" }); // without signing out
    await later();
    assert.deepEqual(await it.kept(), []);
  });
}

test("a page that is being written while another judge takes the tablet does not stay", async () => {
  const it = await worker(page("x"));
  await it.say({ say: "owner", owner: "7" });
  const cache = await it.caches.open("cham-bai");
  const put = cache.put;
  let owned = false;
  cache.put = async (request, answer) => {
    if (!owned && absolute(request).endsWith(SHEET)) { owned = true; await it.say({ say: "owner", owner: "8" }); }
    return put(request, answer);
  };
  await it.get(SHEET);
  assert.deepEqual([owned, await it.kept()], [true, []]);
});
