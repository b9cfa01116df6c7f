// A draft that is never lost. No DOM here: everything it needs is handed in, so that node can test it.
//
// deps: send(body) → {status, body} or throws when the line is away; store {all, put, drop, aside} (this device);
//       now() → ms; later(fn, ms) → cancel(); show(state, facts); replace({title, text}).
// States shown: saved, typing, saving, local, signedOut, conflict, refused, offer.

const WAIT = 1500; // after the last key
const LONGEST = 10000; // while keys keep coming
const RETRY = [3000, 6000, 12000, 24000, 48000, 60000];
const RECENT = 5000; // another window of this browser that wrote so lately is still open

const same = (a, b) => a.title === b.title && a.text === b.text;

export class Draft {
  constructor({ title, text, revision, send, store, now, later, show, replace }) {
    Object.assign(this, { send, store, now, later, show, replace });
    this.current = { title, text };
    this.stored = { title, text }; // what the server is known to hold
    this.revision = revision;
    this.failures = 0;
    this.dirtySince = null;
    this.cancel = null;
    this.running = null;
    this.held = null; // the server's text while a person picks
    this.offered = null;
  }

  // What an earlier page on this device could not send. Returns true when there is something to offer.
  begin() {
    for (const kept of this.store.all()) {
      if (same(kept, this.stored)) {
        this.store.drop(kept.id);
      } else if (kept.mine || this.now() - kept.at > RECENT) {
        // What is typed before an answer is kept where this text was: it goes elsewhere, and is offered until settled.
        this.offered = kept.mine ? this.store.aside(kept) : kept;
        this.show("offer", this.offered);
        return true;
      }
    }
    return false;
  }

  // The person takes the text kept on this device, or the server's; the other one is kept on the server.
  async settleOffer(which) {
    const kept = this.offered;
    this.offered = null;
    if (which === "mine") {
      this.revision = kept.revision;
      this.edit({ title: kept.title, text: kept.text });
      this.replace(this.current);
      await this.save();
    } else {
      const before = this.current;
      const answer = await this.post({ title: kept.title, text: kept.text, revision: this.revision, pick: "theirs" });
      if (!answer) return;
      this.current = before;
    }
    if (!kept.mine || which !== "mine") this.store.drop(kept.id);
  }

  edit({ title, text }) {
    this.current = { title, text };
    if (same(this.current, this.stored) && !this.held) {
      this.dirtySince = null;
      this.store.drop();
      return;
    }
    this.dirtySince ??= this.now();
    this.keep();
    if (this.held) return;
    this.show("typing");
    const waited = this.now() - this.dirtySince;
    this.plan(Math.max(0, Math.min(WAIT, LONGEST - waited)));
  }

  keep() {
    this.store.put({ ...this.current, revision: this.revision, at: this.now() });
  }

  plan(ms) {
    this.cancel?.();
    this.cancel = this.later(() => this.save(), ms);
  }

  // True when the server holds what is on the page.
  async save() {
    while (this.running) await this.running; // of several that waited one sends, the others look again
    this.cancel?.();
    this.cancel = null;
    if (this.held) return false;
    if (same(this.current, this.stored)) return true;
    this.running = this.post({ ...this.current, revision: this.revision });
    const done = await this.running;
    this.running = null;
    if (done && !same(this.current, this.stored)) this.plan(WAIT);
    return done && same(this.current, this.stored);
  }

  async post(body) {
    this.show("saving");
    let answer;
    try {
      answer = await this.send(body);
    } catch {
      return this.failed();
    }
    const { status } = answer;
    if (status === 200) return this.took(body, answer.body);
    if (status === 409 && answer.body?.state === "conflict") return this.conflict(answer.body);
    if (status === 401 || (status === 400 && answer.body?.code !== "bad_request")) return this.signedOut();
    if (status >= 500 || status === 429 || status === 408) return this.failed();
    this.keep();
    this.show("refused", { message: answer.body?.message ?? "" });
    return false;
  }

  took(sent, answer) {
    this.failures = 0;
    this.held = null;
    this.revision = answer.revision;
    // The server cleans what it keeps; as long as nobody typed on, what was sent and what is kept are one.
    this.stored = sent.pick === "theirs" ? { title: answer.title, text: answer.text } : { title: sent.title, text: sent.text };
    if (same(this.current, this.stored)) {
      this.dirtySince = null;
      this.store.drop();
    } else {
      this.dirtySince = this.now();
      this.keep();
    }
    this.show("saved", answer);
    return true;
  }

  failed() {
    this.keep();
    this.show("local");
    this.plan(RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
    return false;
  }

  signedOut() {
    this.keep();
    this.show("signedOut");
    return false;
  }

  conflict(server) {
    this.keep();
    this.held = server;
    this.show("conflict", { mine: this.current, theirs: server });
    return false;
  }

  // After a conflict: "mine" or "theirs". The other text is kept on the server.
  async pick(which) {
    const server = this.held;
    if (!server) return false;
    const mine = this.current;
    const done = await this.post({ ...mine, revision: server.revision, pick: which });
    if (done && which === "theirs") {
      this.current = { title: server.title, text: server.text };
      this.stored = { ...this.current };
      this.dirtySince = null;
      this.store.drop();
      this.replace(this.current);
    }
    return done;
  }

  // The line is back, the page is looked at again, or somebody signed in: try at once.
  resume() {
    this.failures = 0;
    return this.save();
  }
}

// Texts kept on this device under one name for the entry and account, one per window.
export function deviceStore(storage, key, windowId) {
  const prefix = `bai-du-thi:${key}:`;
  const mine = prefix + windowId;
  return {
    all() {
      const found = [];
      for (let i = 0; i < storage.length; i += 1) {
        const id = storage.key(i);
        if (!id.startsWith(prefix)) continue;
        try {
          found.push({ ...JSON.parse(storage.getItem(id)), id, mine: id === mine });
        } catch {
          /* not ours, or cut off while being written */
        }
      }
      return found.sort((a, b) => b.at - a.at);
    },
    put(value) {
      try {
        storage.setItem(mine, JSON.stringify(value));
      } catch {
        /* full or forbidden: the text is still on the page */
      }
    },
    drop(id = mine) {
      storage.removeItem(id);
    },
    /** The same text under a name of its own, that typing on does not overwrite. */
    aside({ id, mine: _own, ...value }) {
      const other = `${mine}:${value.at}`;
      try {
        storage.setItem(other, JSON.stringify(value));
      } catch {
        return { ...value, id, mine: true }; // full: it stays where it is
      }
      storage.removeItem(id);
      return { ...value, id: other, mine: false };
    },
  };
}
