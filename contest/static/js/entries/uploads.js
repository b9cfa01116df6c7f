// Files on their way to the server, one at a time; each keeps its UUID however often it is sent, so that
// the server stores it once. No DOM here.
//
// deps: send(item, onProgress) → {status, body} or throws; uuid(); later(fn, ms); show(items); stored(body).

const RETRY = [2000, 5000, 10000, 20000, 40000, 60000];

export class Uploads {
  constructor({ send, uuid, later, show, stored, limit, words }) {
    Object.assign(this, { send, uuid, later, show, stored, limit, words });
    this.items = [];
    this.busy = null;
  }

  add(files) {
    for (const file of files) {
      const item = { uuid: this.uuid(), file, name: file.name.normalize("NFC"), state: "waiting", percent: 0, failures: 0 };
      if (this.limit && file.size > this.limit) {
        item.state = "refused";
        item.message = this.words.tooLarge.replace("%(name)s", item.name);
      }
      this.items.push(item);
    }
    this.show(this.items);
    return this.run();
  }

  drop(uuid) {
    this.items = this.items.filter((item) => item.uuid !== uuid);
    this.show(this.items);
  }

  retry(uuid) {
    const item = this.items.find((one) => one.uuid === uuid);
    if (item) item.state = "waiting";
    return this.run();
  }

  // Try again at once whatever waits for its turn to be retried. An attempt under way began before: it is let end first.
  async resume() {
    if (this.busy) await this.busy;
    for (const item of this.items) if (item.state === "retrying") item.state = "waiting";
    return this.run();
  }

  // Names of the files that only this page still holds; those refused for good are not among them.
  unsent() {
    return this.items.filter((item) => item.state !== "refused" || item.canRetry).map((item) => item.name);
  }

  run() {
    this.busy ??= this.work().finally(() => { this.busy = null; });
    return this.busy;
  }

  async work() {
    let item;
    while ((item = this.items.find((one) => one.state === "waiting"))) {
      item.state = "sending";
      item.percent = 0;
      this.show(this.items);
      await this.one(item);
    }
  }

  async one(item) {
    let answer;
    try {
      answer = await this.send(item, (percent) => {
        item.percent = percent;
        this.show(this.items);
      });
    } catch {
      answer = { status: 0 };
    }
    if (answer.status === 200) {
      this.items = this.items.filter((one) => one !== item);
      this.stored(answer.body);
    } else if (answer.status === 0 || answer.status >= 500) {
      this.again(item);
    } else {
      item.state = "refused";
      item.canRetry = answer.status === 401 || answer.status === 400 || answer.status === 429;
      item.message = answer.body?.message ?? this.sentence(answer.status, item);
    }
    this.show(this.items);
  }

  sentence(status, item) {
    if (status === 413) return this.words.tooLarge.replace("%(name)s", item.name);
    if (status === 429) return this.words.tooMany;
    return this.words.signedOut;
  }

  again(item) {
    item.state = "retrying";
    this.later(() => {
      if (item.state === "retrying") item.state = "waiting";
      this.run();
    }, RETRY[Math.min(item.failures, RETRY.length - 1)]);
    item.failures += 1;
  }
}
