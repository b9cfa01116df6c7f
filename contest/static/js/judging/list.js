// The judge's list: sends what still waits on this device, says how much that is, and makes the tablet ready for a hall
// without a line.
import { conditionOf } from "./condition.js";
import { durable } from "./durable.js";
import { getPage, holdFast, prepare, startWorker } from "./offline.js";
import * as queue from "./queue.js";
import { freshener, poster, sender } from "./sender.js";
import { deviceName, store } from "./store.js";

const BEAT = 60000; // how often the server hears of this device, in ms
const note = document.querySelector("[data-unsent]");
const ready = document.querySelector("[data-kept-state]");
const { unsent: owner, version } = note.dataset;
const keep = store(owner, localStorage, durable(indexedDB));
let signedOut = false;
let sent = 0;

function draw() {
  const count = queue.waiting(keep.items()).length;
  const refused = keep.items().length - count;
  const text = signedOut ? note.dataset.signedOut : count ? note.dataset.one : refused ? note.dataset.kept : "";
  note.textContent = text.replace("%(n)s", count || refused);
  note.hidden = text === "";
}

const line = sender({
  keep, token: document.querySelector("meta[name=csrf-token]").content,
  post: poster(note.dataset.sync, conditionOf({ keep, device: deviceName(localStorage), owner, version })),
  fresh: freshener(note.dataset.here, owner),
  tell: {
    stored() { sent += 1; draw(); },
    refused: draw,
    signOut() { signedOut = true; draw(); },
    later: draw,
  },
});

async function flush() {
  await line.flush(true);
  // The list was drawn before these arrived.
  if (sent && !queue.waiting(keep.items()).length) location.reload();
}

function say(text, done, count) {
  ready.textContent = text.replace("%(n)s", done).replace("%(count)s", count);
  ready.hidden = count === 0;
}

/** Fetch every sheet once, so that it opens without a line; say how far that is. */
async function makeReady() {
  const sheets = [...document.querySelectorAll("[data-stamp]")].map((link) => ({ path: link.getAttribute("href"), stamp: link.dataset.stamp }));
  if (!(await startWorker(owner))) return say(ready.dataset.none, 0, sheets.length);
  await holdFast();
  navigator.serviceWorker.controller?.postMessage({ say: "only", keep: ["/cham", ...sheets.map(({ path }) => path)] });
  const done = await prepare(sheets, {
    keep, get: getPage, progress: (n, count) => say(n === count ? ready.dataset.ready : ready.dataset.loading, n, count),
  });
  // This page too: it came before the worker did.
  await getPage(location.pathname);
  if (done < sheets.length) say(ready.dataset.stopped, done, sheets.length);
}

draw();
addEventListener("online", () => { flush(); makeReady(); });
keep.restore().then(() => { draw(); return flush(); }).then(makeReady);
setInterval(() => { if (!document.hidden) flush(); }, BEAT);
