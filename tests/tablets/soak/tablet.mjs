// One judge's tablet: the app's own modules over a storage that outlives the page. What page.js does with the DOM is
// done here without one; where it decides something, this decides the same.
import { conditionOf } from "../../../contest/static/js/judging/condition.js";
import * as queue from "../../../contest/static/js/judging/queue.js";
import { freshener, poster, sender } from "../../../contest/static/js/judging/sender.js";
import * as sheet from "../../../contest/static/js/judging/sheet.js";
import { deviceName, store, uuid } from "../../../contest/static/js/judging/store.js";
import { memory } from "../../js/memory.mjs";

const PATIENCE = 2000; // ms an answer is waited for on a bad line, instead of 30 s
const CALM = 30000; // on a good one: what is given up too early is asked for again, and a busy server never gets done
const SPEED = 20; // how much shorter the app's own waits are here
const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const gone = () => new Promise(() => {}); // a page that was left never goes on
const found = (text, pattern) => (text.match(pattern) || [])[1];

export class Tablet {
  /** sheets: public ids; cookies: one for each sign-in to come; written, refused: logs that all tablets share. */
  constructor({ name, owner, sheets, cookies }, { line, random, count, logs }) {
    Object.assign(this, { name, owner, sheets, cookies, line, random, count, logs });
    this.disk = memory();
    this.snapshot = new Map(); // what of it a dead battery would leave
    this.second = new Map(); // IndexedDB
    this.pages = new Map(); // what the worker keeps
    this.page = null;
    this.wrote = 0; // versions
    this.signIn();
  }

  get patience() { return this.line.calm ? CALM : PATIENCE; }

  signIn() {
    this.borrowed = false;
    this.line.jar.cookie = this.cookies.length > 1 ? this.cookies.shift() : this.cookies[0];
  }

  /** localStorage as one page sees it: what a page does after it was left reaches nothing. */
  storage(page) {
    const { disk } = this;
    return {
      get length() { return disk.length; },
      key: (index) => disk.key(index),
      getItem: (key) => disk.getItem(key),
      setItem: (key, value) => { if (page.alive) disk.setItem(key, value); },
      removeItem: (key) => { if (page.alive) disk.removeItem(key); },
    };
  }

  durable(page) {
    const { second } = this;
    return {
      put: async (key, value) => { if (page.alive) second.set(key, structuredClone(value)); },
      drop: async (key) => { if (page.alive) second.delete(key); },
      all: async () => [...second].map(([key, value]) => [key, structuredClone(value)]),
    };
  }

  /** The page as the worker would give it: fresh, else as kept, else null. */
  async fetched(path) {
    try {
      const stop = AbortSignal.timeout(this.patience);
      const reply = await fetch(this.line.root + path, { headers: { Accept: "text/html" }, signal: stop });
      const text = await reply.text();
      if (reply.redirected) { this.pages.clear(); return "away"; }
      if (reply.ok && text.includes("sheet-data")) this.pages.set(path, text);
      else if (reply.status === 404) { this.pages.delete(path); return "gone"; }
    } catch { /* no line */ }
    return this.pages.get(path) || null;
  }

  leave() {
    if (!this.page) return;
    if (this.page.mode === "mark") this.write("draft");
    this.page.alive = false;
    this.page = null;
  }

  async open(id, { correct = false } = {}) {
    this.leave();
    const text = await this.fetched(`/cham/${id}${correct ? "?sua=1" : ""}`);
    if (text === "away") { this.signIn(); return; }
    this.isGone = text === "gone";
    if (text === null || this.isGone) return;
    const page = { id, alive: true };
    const root = this.line.root;
    page.keep = store(this.owner, this.storage(page), this.durable(page));
    const { keep } = page;
    page.device = deviceName(this.storage(page));
    const drawn = JSON.parse(found(text, /id="sheet-data">(.*?)<\/script>/s));
    let data = sheet.newest(drawn, keep.stored(id));
    const said = found(text, /data-mode="(\w+)"/);
    page.mode = said === "mark" && data.state === "sent" ? "sent" : said;
    page.editing = page.mode === "mark" || page.mode === "correct";
    page.opened = (typed) => sheet.open(data, keep.pending(id), typed, page.editing || page.mode === "over" ? queue.lost(keep.items(), id) : null);
    page.state = page.opened(page.editing ? keep.typed(id) : null);
    const post = poster(`${root}/cham/dong-bo`, conditionOf({ keep, device: page.device, owner: this.owner, version: "soak" }), this.patience);
    const fresh = freshener(`${root}/cham/phien`, this.owner, this.patience);
    page.line = sender({
      keep, random: this.random, token: found(text, /name="csrf-token" content="([^"]*)"/),
      post: async (items, token) => {
        if (items.length) this.count("batches");
        for (const item of items) this.logs.sent(item.uuid);
        const reply = await post(items, token);
        return page.alive ? reply : gone();
      },
      fresh: async () => { const got = await fresh(); return page.alive ? got : gone(); },
      timer: (then, wait) => setTimeout(() => { if (page.alive) then(); }, wait / SPEED),
      tell: {
        stored: (item, answer) => {
          this.logs.stored.push({ uuid: item.uuid, version: answer.version, holds: answer.holds });
          if (item.sheet !== id) return;
          page.state = sheet.acknowledged(page.state, answer, keep.pending(id).length);
          if (sheet.shows(drawn, answer)) return;
          if (!answer.holds || (item.body.kind !== "draft" && !page.state.unsent)) page.wants = "reload";
        },
        refused: (item, refusal) => {
          this.logs.refused.push({ uuid: item.uuid, tablet: this.name, code: refusal.code, detail: refusal.detail });
          if (item.sheet === id) page.state = sheet.refused(page.state, refusal, keep.pending(id).length);
        },
        signOut: (isOther) => { page.wants = isOther ? "other" : "sign in"; },
        later: () => this.count("retries"),
      },
    });
    this.page = page;
    const back = await keep.restore();
    if (!page.alive) return;
    this.count("brought back", back.filter((item) => item.uuid).length);
    if (back.some((item) => item.sheet === id)) {
      data = sheet.newest(drawn, keep.stored(id));
      page.state = page.opened(page.editing ? keep.typed(id) : null); // nobody types while it is brought back
    }
    page.line.flush(true);
  }

  write(kind, reason = "") {
    const { page } = this;
    const { keep, id } = page;
    const said = sheet.version(page.state, kind, reason);
    if (said === null || (kind === "draft" && (page.state.refusal || !sheet.isDirty(page.state)))) return;
    const items = keep.items();
    const body = { ...said, based_on: queue.base(keep.pending(id), id, page.state.stored.version), device: page.device, client_at: new Date().toISOString() };
    const item = queue.add(items, { uuid: uuid(), sheet: id, body, now: keep.nextSeq(id) });
    keep.put(item);
    keep.keepTyped(id, null);
    page.state = sheet.written(page.state, body);
    this.wrote += 1;
    this.logs.written.push({ uuid: item.uuid, tablet: this.name, sheet: id, ...body });
    page.line.flush();
  }

  type() {
    const { page } = this;
    const { key, max, step } = page.state.criteria[Math.floor(this.random() * page.state.criteria.length)];
    const units = Math.floor(this.random() * (Number(max) / Number(step) + 1));
    const off = this.random() < 0.03; // off the scale: no version, and not lost
    const text = off ? "999" : String(units * Number(step)).replace(".", ",");
    page.state = sheet.type(page.state, key, text);
    if (this.random() < 0.1) page.state = sheet.remark(page.state, `Nhận xét ${units}`);
    page.keep.keepTyped(page.id, sheet.isDirty(page.state) ? { texts: page.state.texts, comment: page.state.comment } : null);
  }

  /** Everything marked and sent, as a judge does at last. */
  send() {
    const { page } = this;
    for (const { key, max } of page.state.criteria) page.state = sheet.type(page.state, key, String(Math.floor(this.random() * Number(max))));
    this.write("sent");
  }

  /** The battery dies: of the last second only the second place has anything. */
  dieAndCome() {
    this.count("dead batteries");
    if (this.page) this.page.alive = false;
    this.page = null;
    this.disk.held.clear();
    for (const [key, value] of this.snapshot) this.disk.held.set(key, value);
  }

  /** One thing that a judge does, or that happens to the tablet. */
  async act() {
    const { page } = this;
    const one = () => this.sheets[Math.floor(this.random() * this.sheets.length)];
    if (!page) return this.open(one());
    if (page.wants) {
      const wants = page.wants;
      page.wants = null;
      if (wants !== "reload") { await later(this.random() * 400); this.signIn(); }
      if (wants === "other") this.pages.clear();
      return this.open(page.id);
    }
    const point = this.random();
    if (point < 0.02) { this.dieAndCome(); return this.open(page.id); }
    if (point < 0.05) { this.count("reloads"); return this.open(page.id); }
    if (point < 0.13) return this.open(one());
    if (point < 0.15) this.disk.full = !this.disk.full;
    else if (point < 0.16) return this.endSession();
    else if (point < 0.18 && page.mode === "sent") return this.open(page.id, { correct: true });
    if (!page.editing || page.state.sending) return undefined;
    this.type();
    if (page.mode === "correct") this.write("correction", "Cộng nhầm điểm.");
    else if (point > 0.97) this.send();
    else this.write("draft");
    return undefined;
  }

  /** The session ends behind the tablet's back; now and then another judge signs in before its own is back. */
  async endSession() {
    if (this.cookies.length < 2 || this.borrowed) return;
    this.count("sessions ended");
    if (this.random() < 0.3) {
      this.borrowed = true;
      this.line.jar.cookie = this.stranger();
      return;
    }
    const direct = (method, path, body = "") => this.line.upstream(method, path, { "Content-Type": "application/x-www-form-urlencoded" }, Buffer.from(body));
    try {
      const here = await direct("GET", "/cham/phien");
      const cookie = (here.headers["set-cookie"] || [])[0];
      if (cookie) this.line.jar.cookie = cookie.split(";")[0];
      await direct("POST", "/dang-xuat", `csrf_token=${encodeURIComponent(JSON.parse(here.body).csrf)}`);
    } catch { /* a worker was killed just then */ }
  }

  async live(until) {
    let saved = Date.now();
    while (Date.now() < until) {
      await this.act();
      await later(20 + this.random() * 300);
      if (Date.now() - saved > 1000) { this.snapshot = new Map(this.disk.held); saved = Date.now(); }
    }
  }

  /** The line comes and goes. */
  async weather(until) {
    while (Date.now() < until) {
      await later(500 + this.random() * 4000);
      await this.line.cut();
      this.count("cuts");
      await later(this.random() * 3000);
      await this.line.mend();
    }
    this.line.calm = true;
  }

  /** All is well again: what was typed becomes a version as pages are left, and all that waits goes out. */
  async settle(until) {
    this.disk.full = false;
    this.signIn();
    for (let before = -1; before !== this.wrote && Date.now() < until;) {
      before = this.wrote;
      for (const id of this.sheets) {
        await this.openAgain(id, until);
        while (this.isSending() && Date.now() < until) await later(50);
      }
      this.leave();
    }
  }

  /** Open it, signing in and reloading where the page asks for that. Not at all: its judge stepped back. */
  async openAgain(id, until) {
    do {
      await this.open(id);
      await later(20); // what the page itself asks for first
      const wants = this.page && this.page.wants;
      if (wants === "sign in" || wants === "other") this.signIn();
      else if (this.isGone || (this.page && !wants)) return;
    } while (Date.now() < until);
  }

  isSending() {
    return this.page && !this.page.wants && queue.waiting(this.page.keep.items()).length > 0;
  }

  /**
   * What every sheet shows at last. Only when all tablets have settled: a page that was read before another tablet
   * of the same judge had sent what waited there shows, rightly, what was in force then.
   */
  async finish(until) {
    const shown = [];
    const before = this.wrote;
    for (const id of this.sheets) {
      this.leave();
      this.pages.clear();
      await this.openAgain(id, until);
      if (!this.page) { shown.push({ sheet: id, place: "unread" }); continue; }
      const { state, keep } = this.page;
      shown.push({
        sheet: id, place: sheet.place(state), unlike: sheet.unlike(state), version: state.stored.version,
        said: state.refusal && state.refusal.detail, faulty: sheet.summary(state).faults.length > 0,
        waiting: queue.waiting(keep.items()).length,
      });
    }
    this.leave();
    return { tablet: this.name, shown, late: this.wrote - before };
  }
}
