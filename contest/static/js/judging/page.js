// The judge's sheet on the page: reads fields, shows state. What a sheet is and when it is safe is in sheet.js,
// queue.js and sender.js. Without this file the form posts by itself.
import * as queue from "./queue.js";
import * as sheet from "./sheet.js";
import { plain, show, stepFrom } from "./scale.js";
import { deviceName, store, uuid } from "./store.js";
import { conditionOf } from "./condition.js";
import { durable } from "./durable.js";
import { mover } from "./moves.js";
import { startWorker } from "./offline.js";
import { freshener, poster, sender } from "./sender.js";
import { numberPad } from "./pad.js";
import { startReading } from "./reading.js";

const PAUSE = 800; // a version is made when the judge has stopped typing for this long, in ms
const BEAT = 60000; // how often the server hears of this device, in ms
const root = document.querySelector(".sheet");
const form = document.getElementById("marks-form");
const drawn = JSON.parse(document.getElementById("sheet-data").textContent);
const words = JSON.parse(document.getElementById("sheet-words").textContent);
const { sheet: id, owner, lang } = root.dataset;
// A page kept before the app was renewed may lack a word: say nothing there, and go on.
const fill = (text, facts) => (text || "").replace(/%\((\w+)\)s/g, (_, key) => facts[key]);
const clock = (at) => new Date(at).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const all = (selector, within = root) => [...within.querySelectorAll(selector)];

const second = durable(indexedDB);
const keep = store(owner, localStorage, second);
const move = mover(window, second.idle);
keep.keepSeal(root.dataset.signIn, root.dataset.sealKey);
const device = deviceName(localStorage);
let data = sheet.newest(drawn, keep.stored(id));
// A page kept for lack of a line may be older than what was sent from this tablet since.
const mode = root.dataset.mode === "mark" && data.state === "sent" ? "sent" : root.dataset.mode;
const editing = mode === "mark" || mode === "correct";
let state = opened(editing ? keep.typed(id) : null);
let pause = null;
let touched = false; // since the page was opened

/** The sheet as page, device and server have it. What a closed round did not take is shown as well, to be told of. */
function opened(typed) {
  const items = keep.items();
  return sheet.open(data, keep.pending(id), typed, editing || mode === "over" ? queue.lost(items, id) : null);
}

const line = sender({
  keep, token: document.querySelector("meta[name=csrf-token]").content,
  post: poster(root.dataset.sync, conditionOf({ keep, device, owner, version: root.dataset.version })),
  fresh: freshener(root.dataset.here, owner),
  tell: {
    stored(item, answer) {
      if (item.sheet !== id) return;
      state = sheet.acknowledged(state, answer, keep.pending(id).length);
      draw();
      if (sheet.shows(drawn, answer)) return;
      // Another device wrote this sheet meanwhile: both versions are on the next page to choose from.
      if (!answer.holds) move(() => location.reload());
      else if (item.body.kind !== "draft" && !state.unsent) move(() => location.assign(location.pathname));
    },
    refused(item, refusal) {
      if (item.sheet !== id) return;
      state = sheet.refused(state, refusal, keep.pending(id).length);
      draw();
    },
    signOut(isOther) {
      // Another judge holds the tablet: the work is not for them. What waits here goes out when its judge is back.
      if (isOther) return leave();
      state = sheet.signedOut(state);
      draw();
    },
    later: draw,
  },
});

/** Turn what is typed into a version, keep it on this device, and let it go. */
function write(kind, reason = "") {
  clearTimeout(pause);
  pause = null;
  if (kind === "draft") follow();
  const said = sheet.version(state, kind, reason);
  // What was refused is not said again until something is typed: it would be refused again, each time the page is left.
  if (said === null || (kind === "draft" && (state.refusal || !sheet.isDirty(state)))) return;
  const items = keep.items();
  const body = { ...said, based_on: queue.base(keep.pending(id), id, state.stored.version), device, client_at: new Date().toISOString() };
  keep.put(queue.add(items, { uuid: uuid(), sheet: id, body, now: keep.nextSeq(id) }));
  keep.keepTyped(id, null);
  state = sheet.written(state, body);
  draw();
  line.flush();
}

/** Another window of this device may have gone on with the sheet: go on from there. */
function follow() {
  data = sheet.newest(data, keep.stored(id));
  const before = state;
  state = sheet.follow(state, sheet.open(data, keep.pending(id), null));
  for (const { key, text, value, fault } of sheet.lines(state)) {
    // The field last typed into in the other window may have this window's focus, and is not drawn then.
    if (text !== before.texts[key]) document.getElementById(`m-${key}`).value = fault ? text : show(value, lang);
  }
  if (state.comment !== before.comment) document.getElementById("comment").value = state.comment;
}

function changed() {
  if (!editing) return;
  touched = true;
  keep.keepTyped(id, sheet.isDirty(state) ? { texts: state.texts, comment: state.comment } : null);
  clearTimeout(pause);
  // A correction is one version, when it is sent; a draft is one at every pause.
  if (mode === "mark") pause = setTimeout(() => write("draft"), PAUSE);
  draw();
}

function set(key, text) {
  state = sheet.type(state, key, text);
  changed();
}

/** The pad gives the focus back to its field, and a field that has it is not drawn: say what was taken. */
function fromPad(key, text) {
  document.getElementById(`m-${key}`).value = text;
  set(key, text);
}

// ---- Showing ----

function faultText(item) {
  const { fault, scale } = item;
  const near = [fault.below, fault.above].filter((units) => units !== null && units !== undefined)
    .map((units) => show(plain(units, scale.places), lang));
  if (fault.fault === "above_max") return fill(words.above_max, { below: near[0] });
  if (fault.fault === "off_step") return fill(words.off_step, { step: show(plain(scale.step, scale.places), lang), near: near.join(words.or) });
  return fault.fault === "sign" ? words.sign : words.number;
}

function drawLine(item) {
  const row = root.querySelector(`[data-row="${CSS.escape(item.key)}"]`);
  const field = row.querySelector(".mark-value");
  const error = row.querySelector(".field-error");
  const slider = row.querySelector(".mark-slider");
  if (document.activeElement !== field) field.value = item.fault ? item.text : item.value === null ? "" : show(item.value, lang);
  field.classList.toggle("is-empty", item.text === "");
  row.classList.toggle("has-error", Boolean(item.fault));
  field.setAttribute("aria-invalid", String(Boolean(item.fault)));
  error.hidden = !item.fault;
  error.querySelector("[data-fault]").textContent = item.fault ? faultText(item) : "";
  if (!slider || item.scale.max === null || item.scale.step === null) return;
  slider.value = item.units === null ? 0 : item.units / item.scale.step;
  slider.classList.toggle("is-empty", item.units === null);
  slider.setAttribute("aria-valuetext", item.value === null ? words.not_marked : show(item.value, lang));
}

function dot() {
  if (keep.full) return ["is-lost", words.full];
  if (state.signIn) return ["is-tablet", words.sign_in];
  const where = sheet.place(state);
  if (where === "lost") return ["is-lost", state.refusal.detail || words.refused];
  if (where === "faulty") return ["is-lost", words.faulty];
  if (where === "tablet") {
    if (state.sending) return ["is-tablet", words.going];
    if (!line.waitingForLine() && navigator.onLine) return ["is-tablet", words.saving];
    return ["is-tablet", state.unsent > 1 ? fill(words.count, { n: state.unsent }) : words.tablet];
  }
  if (where === "none") return ["", words.none];
  if (sheet.unlike(state).length) return ["is-lost", words.unlike];
  return ["is-server", fill(mode === "mark" ? words.server : words.sent, { at: clock(state.stored.at) })];
}

function draw() {
  const { total, missing, faults } = sheet.summary(state);
  sheet.lines(state).forEach(drawLine);
  all("[data-total]").forEach((part) => { part.textContent = show(total, lang); });
  const short = missing.length + faults.length > 0;
  const [kind, text] = dot();
  const isLost = kind === "is-lost";
  say(short ? words.missing : "");
  const handle = root.querySelector("[data-drawer-state]");
  handle.textContent = isLost ? words.not_kept : short ? words.missing : words.whole;
  handle.classList.toggle("sheet-missing", short || isLost);
  const place = root.querySelector("[data-dot]");
  place.className = `sheet-dot ${kind}`;
  if (place.textContent !== text) place.textContent = text;
  if (state.signIn && !place.querySelector("a")) {
    place.innerHTML = "";
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = text;
    place.append(link);
  }
  holdFields(state.sending);
}

let held = []; // fields kept from being changed while a sheet is on its way

/** A sheet that was refused can be changed again; what the page itself had closed stays closed. */
function holdFields(isSending) {
  const parts = isSending ? all("input, textarea, button[type=submit], .mark-step", form).filter((part) => !part.disabled) : held;
  parts.forEach((part) => { part.disabled = isSending; });
  held = isSending ? [...held, ...parts] : [];
}

// ---- Editing ----

function startLine(item) {
  const row = root.querySelector(`[data-row="${CSS.escape(item.key)}"]`);
  const field = row.querySelector(".mark-value");
  const slider = row.querySelector(".mark-slider");
  const units = () => sheet.lines(state).find((one) => one.key === item.key).units;
  field.addEventListener("input", () => set(item.key, field.value));
  field.addEventListener("blur", draw);
  row.querySelectorAll(".mark-step").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const next = stepFrom(units(), Number(button.dataset.step), item.scale);
      set(item.key, next === null ? "" : plain(next, item.scale.places));
    });
  });
  if (item.scale.max !== null && item.scale.step !== null) {
    slider.hidden = false;
    slider.max = Math.floor(item.scale.max / item.scale.step);
    slider.addEventListener("input", () => set(item.key, plain(Number(slider.value) * item.scale.step, item.scale.places)));
  }
}

/** What the judge typed before this script came over a weak line counts as typed. */
function typedBefore({ key }) {
  const field = document.getElementById(`m-${key}`);
  if (field.value !== field.defaultValue) set(key, field.value);
}

let pressed = null; // the button that submits the form, also where the browser presses it on Enter

function send(event) {
  // iPads of 2020 know no submitter: a correction must not go out as a first sending.
  const button = event.submitter || pressed;
  pressed = null;
  const act = button ? button.value : "review";
  if (act === "draft") return;
  event.preventDefault();
  const { missing, faults } = sheet.summary(state);
  const gap = [...faults, ...missing][0];
  if (gap && act !== "confirmed") {
    say(words.give_all);
    document.getElementById(`m-${gap}`).focus();
  } else if (act === "correction") {
    const reason = document.getElementById("reason");
    if (reason.value.trim()) write("correction", reason.value.trim());
    else { say(words.give_reason); reason.focus(); }
  } else if (act === "confirmed") {
    write("confirmed");
  } else {
    ask();
  }
}

function say(text) {
  const place = root.querySelector("[data-missing]");
  if (place.textContent !== text) place.textContent = text; // it is read aloud when it changes
}

function ask() {
  const dialog = document.getElementById("ask-send");
  if (dialog.showModal) dialog.showModal();
  else if (confirm(dialog.querySelector("#ask-question").textContent)) write("sent");
}

function startEditing() {
  const { criteria } = state;
  criteria.forEach(startLine);
  criteria.forEach(typedBefore);
  numberPad(document.getElementById("pad"), root, { criteria, words, lang, text: (key) => state.texts[key], set: fromPad });
  const comment = document.getElementById("comment");
  if (comment.value !== comment.defaultValue) {
    state = sheet.remark(state, comment.value.normalize("NFC"));
    changed();
  }
  comment.value = state.comment;
  comment.addEventListener("input", () => { state = sheet.remark(state, comment.value.normalize("NFC")); changed(); });
  const dialog = document.getElementById("ask-send");
  dialog.querySelector("[data-yes]").addEventListener("click", () => { dialog.close(); write("sent"); });
  dialog.querySelector("[data-no]").addEventListener("click", () => dialog.close());
  all("[data-without-script]").forEach((button) => { button.hidden = true; });
  // Leaving the page: what is typed becomes a version at once; it waits in the queue for the next page.
  addEventListener("pagehide", () => { if (mode === "mark") write("draft"); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && mode === "mark") write("draft"); });
}

function startDrawer() {
  const handle = root.querySelector(".sheet-drawer");
  root.classList.add("has-drawer");
  handle.hidden = false;
  const open = (wanted) => {
    root.classList.toggle("is-open", wanted);
    handle.setAttribute("aria-expanded", String(wanted));
  };
  handle.addEventListener("click", () => open(!root.classList.contains("is-open")));
  root.addEventListener("keydown", (event) => { if (event.key === "Escape" && !root.querySelector("dialog[open]")) open(false); });
  if (root.querySelector(".sheet-notice")) open(true);
}

/** The round that had not taken these marks is open, as a page drawn after the refusal says: they go out by themselves. */
function againIfOpen() {
  const { refusal } = state;
  if (mode !== "mark" || !refusal || !["round_closed", "round_waiting"].includes(refusal.code)) return;
  if (!(Date.parse(data.drawn_at) > Date.parse(refusal.at))) return;
  state = { ...state, refusal: null };
  write("draft");
}

if (data.criteria.length) {
  form.addEventListener("click", (event) => { pressed = event.target.closest("button[type=submit]") || pressed; });
  form.addEventListener("submit", send);
  if (editing) startEditing();
  startDrawer();
  draw();
  againIfOpen();
}
/** After a dead battery the second place may hold what the first one lost. No reload: a full device would go in a circle. */
function broughtBack(found) {
  if (!data.criteria.length || !found.some((item) => item.sheet === id)) return;
  data = sheet.newest(drawn, keep.stored(id));
  state = opened(touched ? { texts: state.texts, comment: state.comment } : editing ? keep.typed(id) : null);
  document.getElementById("comment").value = state.comment;
  draw();
}

/** Away from this page, which is another judge's, to the list of whoever is signed in. What is typed is kept on leaving. */
async function leave() {
  try { await caches.delete("cham-bai"); } catch { /* plain http: nothing was kept */ }
  move(() => location.replace("/cham"));
}

startReading(root, keep);
addEventListener("online", () => line.flush());
// The browser's own copy of a page that was left, or another tab: the queue has moved on since.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("storage", () => {
  if (!data.criteria.length) return;
  const isClean = !sheet.isDirty(state);
  const now = sheet.newest(data, keep.stored(id));
  const isSent = mode === "mark" && now.state === "sent" && data.state !== "sent";
  // What waited is gone, and the server holds nothing newer: refused, or kept beside another device's.
  const isApart = state.unsent > 0 && !queue.waiting(keep.items(), id).length && now.version === state.stored.version;
  if (isClean && (isSent || isApart)) move(() => location.reload());
  else if (editing) { follow(); draw(); }
});
startWorker(owner);
keep.restore().then((found) => { broughtBack(found); line.flush(true); });
setInterval(() => { if (!document.hidden) line.flush(true); }, BEAT);
