// Going on to the next step: nothing that is still on this device alone is left behind.
import assert from "node:assert/strict";
import test from "node:test";

import { left } from "../../contest/static/js/entries/leaving.js";
import { Uploads } from "../../contest/static/js/entries/uploads.js";

const draft = (saved) => ({ save: async () => saved });

function queue(...answers) {
  return new Uploads({
    limit: 100, words: { tooLarge: "lớn", tooMany: "nhiều", signedOut: "hết phiên" },
    uuid: () => crypto.randomUUID(), later: () => {}, show: () => {}, stored: () => {},
    async send() {
      const answer = answers.shift() ?? { status: 200, body: {} };
      if (answer === "away") throw new TypeError("network");
      return answer;
    },
  });
}

const file = (name) => ({ name, size: 10 });

test("text and files are on the server: nothing holds one back", async () => {
  const uploads = queue();
  await uploads.add([file("1.jpg")]);

  assert.deepEqual(await left(draft(true), uploads), { text: false, files: [] });
});

test("a text that did not reach the server is said", async () => {
  assert.deepEqual(await left(draft(false), queue()), { text: true, files: [] });
});

test("a file that waits for the line is tried once more, and named when it still does not go", async () => {
  const uploads = queue("away", "away");
  await uploads.add([file("trang-2.jpg")]);

  assert.deepEqual(await left(draft(true), uploads), { text: false, files: ["trang-2.jpg"] });
});

test("a file that goes on the second try holds nobody back", async () => {
  const uploads = queue("away");
  await uploads.add([file("trang-2.jpg")]);

  assert.deepEqual(await left(draft(true), uploads), { text: false, files: [] });
});

test("a file that only waits for a new sign-in is not left behind; one that is refused for good is", async () => {
  const uploads = queue({ status: 401, body: null }, { status: 422, body: { message: "Tệp hỏng." } });
  await uploads.add([file("cho.jpg"), file("hong.docx")]);

  assert.deepEqual((await left(draft(true), uploads)).files, ["cho.jpg"]);
});

test("a page without files asks for the text only", async () => {
  assert.deepEqual(await left(draft(true), null), { text: false, files: [] });
});
