// The judge's list: sends what still waits on this device, says how much that is, and makes the tablet ready for a hall
// without a line.
import { conditionOf } from "./condition.js";
import { durable } from "./durable.js";
import { lastResort } from "./export.js";
import { mover } from "./moves.js";
import { getPage, holdFast, isKept, prepare, renewWorker, startWorker } from "./offline.js";
import * as queue from "./queue.js";
import { freshener, poster, sender } from "./sender.js";
import { deviceName, store } from "./store.js";

const BEAT = 60000; // how often the server hears of this device, in ms
const note = document.querySelector("[data-unsent]");
const theirs = document.querySelector("[data-others]"); // not on a page that was kept before there was one
const ready = document.querySelector("[data-kept-state]");
const { unsent: owner, version } = note.dataset;
const second = durable(indexedDB);
const keep = store(owner, localStorage, second);
const move = mover(window, second.idle);
keep.keepSeal(note.dataset.signIn, note.dataset.sealKey); // not on a page that was kept before there were seals
const rescue = lastResort(document.querySelector("[data-rescue]"), { keep, owner, device: deviceName(localStorage) });
let signedOut = false;
let sent = false; // something the list does not show yet

function draw() {
  const count = queue.waiting(keep.items()).length;
  const refused = keep.items().length - count;
  const text = signedOut ? note.dataset.signedOut : count ? note.dataset.one : refused ? note.dataset.kept : "";
  // Why, too: a sheet that its judge stepped back from does not open any more.
  const why = text === note.dataset.kept ? [...new Set(keep.items().map((item) => item.refusal && item.refusal.detail))] : [];
  note.textContent = [text.replace("%(n)s", count || refused), ...why].filter(Boolean).join(" ");
  note.hidden = text === "";
  const others = keep.othersWaiting();
  if (theirs && others) theirs.textContent = theirs.dataset.others.replace("%(n)s", others);
  if (theirs) theirs.hidden = !others;
  rescue.draw();
}

/** The list was drawn before these arrived. What the server cannot take now holds nothing up. */
function drawAnew() {
  draw();
  if (!sent || !queue.waiting(keep.items()).every((item) => line.isHeldUp(item.sheet))) return;
  sent = false;
  move(() => location.reload());
}

const line = sender({
  keep, token: document.querySelector("meta[name=csrf-token]").content,
  post: poster(note.dataset.sync, conditionOf({ keep, device: deviceName(localStorage), owner, version })),
  fresh: freshener(note.dataset.here, owner),
  tell: {
    stored(item, answer, isNews) { sent = sent || isNews; drawAnew(); },
    refused: drawAnew,
    signOut(isOther) {
      if (isOther) return leave();
      signedOut = true;
      draw();
    },
    later: drawAnew,
  },
});

/** Another judge holds the tablet: the list they get is their own. What waits here goes out when its judge is back. */
async function leave() {
  try { await caches.delete("cham-bai"); } catch { /* plain http: nothing was kept */ }
  move(() => location.reload());
}

function say(text, done, count) {
  ready.textContent = text.replace("%(n)s", done).replace("%(count)s", count);
  ready.hidden = count === 0;
}

/** Fetch every sheet once, so that it opens without a line; say how far that is. */
async function makeReady() {
  // A page of an older app is fetched anew too: its scripts are of now.
  const sheets = [...document.querySelectorAll("[data-stamp]")].map((link) => ({ path: link.getAttribute("href"), stamp: `${link.dataset.stamp}-${version}` }));
  await renewWorker();
  if (!(await startWorker(owner))) return say(ready.dataset.none, 0, sheets.length);
  await holdFast();
  navigator.serviceWorker.controller?.postMessage({ say: "only", keep: ["/cham", ...sheets.map(({ path }) => path)] });
  const done = await prepare(sheets, {
    keep, get: getPage, kept: isKept, progress: (n, count) => say(n === count ? ready.dataset.ready : ready.dataset.loading, n, count),
  });
  // This page too: it came before the worker did.
  await getPage(location.pathname);
  if (done < sheets.length) say(ready.dataset.stopped, done, sheets.length);
  isReady = done === sheets.length;
}

let isReady = false;
let making = null;
/** One at a time: a line that comes and goes asks for it again and again. */
const ensureReady = () => { making ??= makeReady().finally(() => { making = null; }); };

draw();
for (const form of document.querySelectorAll("form[action$='/dang-xuat']")) form.addEventListener("submit", () => keep.dropSeals());
addEventListener("online", () => { line.flush(true); ensureReady(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
keep.restore().then(() => { draw(); return line.flush(true); }).then(ensureReady);
setInterval(() => {
  if (document.hidden) return;
  line.flush(true);
  if (!isReady) ensureReady();
}, BEAT);
