// A bad line for one tablet: a proxy on a port of its own, between the tablet and the server, over real sockets.
import { createServer, request } from "node:http";

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// How often, in a hundred requests, what goes wrong.
const FAULTS = [
  ["before", 6], // cut before the server hears of it
  ["lost", 10], // the server has answered; not a byte arrives
  ["half", 4], // half of the answer arrives
  ["swallowed", 3], // the server has answered; nobody ever says so
  ["silent", 3], // nothing is passed on and nothing is said
  ["bad gateway", 4], ["portal", 3], // pages of others: with 502, with 200
  ["slow", 10],
  ["twice", 5], // one after the other
  ["together", 5], // both at once
  ["late", 5], // once more, when the tablet has long had its answer
];

export class Line {
  /** jar: {cookie}, the browser's; count(name): a figure. calm: nothing goes wrong any more. */
  constructor(server, { jar, random, count }) {
    Object.assign(this, { server: new URL(server), jar, random, count, calm: false, port: 0, at: null });
  }

  get root() { return `http://127.0.0.1:${this.port}`; }

  async mend() {
    if (this.at) return;
    this.at = createServer((asked, answer) => this.carry(asked, answer).catch(() => asked.socket.destroy()));
    await new Promise((resolve) => { this.at.listen(this.port, "127.0.0.1", resolve); });
    this.port = this.at.address().port;
  }

  /** Nobody listens, and what was open is torn. */
  async cut() {
    if (!this.at) return;
    const torn = this.at;
    this.at = null;
    torn.closeAllConnections();
    await new Promise((resolve) => { torn.close(resolve); });
  }

  fault() {
    let point = this.random() * 100;
    for (const [name, share] of FAULTS) { point -= share; if (point < 0) return name; }
    return null;
  }

  async carry(asked, answer) {
    const parts = [];
    for await (const part of asked) parts.push(part);
    const body = Buffer.concat(parts);
    const fault = this.calm ? null : this.fault();
    if (fault) this.count(fault);
    const pass = () => this.upstream(asked.method, asked.url, asked.headers, body);
    if (fault === "before") return asked.socket.destroy();
    if (fault === "silent") return;
    if (fault === "bad gateway" || fault === "portal") {
      answer.writeHead(fault === "portal" ? 200 : 502, { "Content-Type": "text/html" });
      answer.end("<!doctype html><h1>Mạng của hội trường</h1>");
      return;
    }
    if (fault === "slow") await later(this.random() * 900);
    let got;
    if (fault === "together") got = await Promise.race([pass(), pass()]);
    else got = await pass();
    if (fault === "twice") got = await pass();
    if (fault === "late") later(300 + this.random() * 1500).then(pass).catch(() => {});
    if (fault === "lost") return asked.socket.destroy();
    if (fault === "swallowed") return;
    // A lost answer brings no cookie either.
    const cookie = (got.headers["set-cookie"] || []).find((one) => one.startsWith("session="));
    const { date, connection, "transfer-encoding": _, ...headers } = got.headers;
    answer.writeHead(got.status, { ...headers, "content-length": got.body.length });
    if (fault === "half") { answer.write(got.body.subarray(0, got.body.length / 2)); await later(10); return asked.socket.destroy(); }
    if (cookie) this.jar.cookie = cookie.split(";")[0];
    answer.end(got.body);
  }

  /** One request to the server itself, with the browser's cookie. */
  upstream(method, path, headers, body) {
    return new Promise((resolve, reject) => {
      const { host, connection, "content-length": _, "transfer-encoding": __, ...rest } = headers;
      const sent = request({
        host: this.server.hostname, port: this.server.port, method, path, agent: false, timeout: 20000,
        headers: { ...rest, Host: this.server.host, Cookie: this.jar.cookie, ...(body.length ? { "Content-Length": body.length } : {}) },
      }, async (got) => {
        try {
          const parts = [];
          for await (const part of got) parts.push(part);
          resolve({ status: got.statusCode, headers: got.headers, body: Buffer.concat(parts) });
        } catch (error) { reject(error); }
      });
      sent.on("error", reject);
      sent.on("timeout", () => sent.destroy(new Error("slow")));
      sent.end(body);
    });
  }
}
