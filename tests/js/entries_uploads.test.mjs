// Files on their way: one at a time, the same UUID on every try, refusals in the server's words.
import assert from "node:assert/strict";
import test from "node:test";

import { Uploads } from "../../contest/static/js/entries/uploads.js";

function queue(answers, { limit = 100 } = {}) {
  const sent = [];
  const stored = [];
  const timers = [];
  let number = 0;
  let atOnce = 0;
  let most = 0;
  const uploads = new Uploads({
    limit,
    words: { tooLarge: "Tệp %(name)s quá lớn", tooMany: "quá nhiều", signedOut: "hết phiên" },
    uuid: () => `u${(number += 1)}`,
    later: (act) => timers.push(act),
    show: () => {},
    stored: (body) => stored.push(body),
    async send(item) {
      atOnce += 1;
      most = Math.max(most, atOnce);
      sent.push(item.uuid);
      await Promise.resolve();
      atOnce -= 1;
      const answer = answers.shift() ?? { status: 200, body: { state: "stored" } };
      if (answer === "away") throw new TypeError("network");
      return answer;
    },
  });
  return { uploads, sent, stored, timers, most: () => most };
}

const file = (name, size = 10) => ({ name, size });

test("several files go one after another, in order", async () => {
  const { uploads, sent, stored, most } = queue([]);

  await uploads.add([file("1.jpg"), file("2.jpg"), file("3.jpg")]);

  assert.deepEqual(sent, ["u1", "u2", "u3"]);
  assert.equal(stored.length, 3);
  assert.equal(most(), 1);
  assert.equal(uploads.items.length, 0);
});

test("after a dropped line the same file goes again under the same UUID", async () => {
  const { uploads, sent, timers, stored } = queue(["away"]);

  await uploads.add([file("bai.docx")]);
  const state = uploads.items[0].state;
  timers.shift()();
  await uploads.busy;

  assert.equal(state, "retrying");
  assert.deepEqual(sent, ["u1", "u1"]);
  assert.equal(stored.length, 1);
});

test("a refused file says why and does not hold up the next", async () => {
  const { uploads, stored } = queue([{ status: 422, body: { state: "refused", message: "Tệp có mật khẩu." } }]);

  await uploads.add([file("khoa.docx"), file("mo.docx")]);

  assert.equal(uploads.items[0].message, "Tệp có mật khẩu.");
  assert.equal(stored.length, 1);
});

test("a file over the limit is not sent at all", async () => {
  const { uploads, sent } = queue([], { limit: 5 });

  await uploads.add([file("to.pdf", 6)]);

  assert.deepEqual(sent, []);
  assert.equal(uploads.items[0].message, "Tệp to.pdf quá lớn");
});

test("an expired sign-in can be tried again by hand", async () => {
  const { uploads, sent } = queue([{ status: 401, body: null }]);

  await uploads.add([file("a.txt")]);
  const { message, canRetry, uuid } = uploads.items[0];
  await uploads.retry(uuid);

  assert.deepEqual([message, canRetry], ["hết phiên", true]);
  assert.deepEqual(sent, ["u1", "u1"]);
});

test("names from a Mac are composed", async () => {
  const { uploads } = queue([{ status: 422, body: { state: "refused", message: "" } }]);

  await uploads.add([file("bài.txt".normalize("NFD"))]);

  assert.equal(uploads.items[0].name, "bài.txt".normalize("NFC"));
});

test("a press while a try is failing tries once more: that one had begun before the line was back", async () => {
  const { uploads, sent, stored } = queue(["away"]);
  uploads.add([file("1.jpg")]);

  await uploads.resume();

  assert.deepEqual(sent, ["u1", "u1"]);
  assert.equal(stored.length, 1);
  assert.deepEqual(uploads.unsent(), []);
});
