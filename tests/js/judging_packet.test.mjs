import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import * as packet from "../../contest/static/js/judging/packet.js";
import * as queue from "../../contest/static/js/judging/queue.js";

const noise = (length, seed) => Uint8Array.from({ length }, (_, i) => ((i + 1) * seed * 2654435761) >>> (i % 13) & 255);

function items(count, note = "Bài có kết quả cụ thể.") {
  let held = [];
  for (let i = 0; i < count; i += 1) {
    const body = { kind: "draft", marks: { "noi-dung": String(i) }, comment: `${note} ${i}`, reason: "", device: "may-1", client_at: "2024-09-02T01:00:00.000Z", based_on: null };
    held = [...held, queue.add(held, { uuid: `u${i}`, sheet: `s${i % 3}`, body, now: 5 })];
  }
  return held;
}

test("the own SHA-256 is SHA-256, at every length around a block", () => {
  for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 1000]) {
    const bytes = noise(length, 7);
    assert.equal(packet.sha256(bytes), createHash("sha256").update(bytes).digest("hex"), `${length}`);
  }
});

test("base45 and CRC-32 are those of their papers", () => {
  assert.equal(packet.base45(packet.utf8("AB")), "BB8");
  assert.equal(packet.base45(packet.utf8("Hello!!")), "%69 VD92EX0");
  assert.equal(packet.crc32(packet.utf8("123456789")), "CBF43926");
  for (const length of [1, 2, 279, 280]) assert.deepEqual(packet.unbase45(packet.base45(noise(length, 3))), noise(length, 3));
  for (const bad of ["A", "GGW", "::", "abc"]) assert.equal(packet.unbase45(bad), null, bad);
});

test("canonical JSON sorts keys at every depth and keeps letters as they are", () => {
  assert.equal(packet.canonical({ b: [{ z: "Đạt", a: null }], a: "1\n" }), '{"a":"1\\n","b":[{"a":null,"z":"Đạt"}]}');
});

test("a file holds every version in the order of writing, refused ones marked, and the sum over them", () => {
  const held = queue.refuse(items(4), "u3", { code: "round_closed", detail: "…" }).reverse();
  const [file, ...more] = packet.packets({ owner: "7", device: "may-1", items: held, now: new Date(0) });

  assert.deepEqual([file.format, file.owner, file.device, file.made_at, more.length], ["contest-tablet/1", 7, "may-1", "1970-01-01T00:00:00.000Z", 0]);
  assert.deepEqual(file.items.map((item) => [item.uuid, item.sheet, item.refused]), [["u0", "s0", undefined], ["u1", "s1", undefined], ["u2", "s2", undefined], ["u3", "s0", "round_closed"]]);
  assert.equal(file.sha256, createHash("sha256").update(packet.canonical(file.items)).digest("hex"));
});

// RFC 4231, section 4: test cases 1, 2, 3, 4, 6 and 7 (5 is of a shortened code); the last two have keys longer than a block.
const RFC_4231 = [
  ["0b".repeat(20), packet.utf8("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
  [Buffer.from("Jefe").toString("hex"), packet.utf8("what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
  ["aa".repeat(20), new Uint8Array(50).fill(0xdd), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
  ["0102030405060708090a0b0c0d0e0f10111213141516171819", new Uint8Array(50).fill(0xcd), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"],
  ["aa".repeat(131), packet.utf8("Test Using Larger Than Block-Size Key - Hash Key First"), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"],
  ["aa".repeat(131), packet.utf8("This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"],
];

test("the own HMAC-SHA256 is that of RFC 4231, and of node at every length of key around a block", () => {
  for (const [key, data, expected] of RFC_4231) assert.equal(packet.hmac(Uint8Array.from(Buffer.from(key, "hex")), data), expected, key);
  for (const length of [0, 1, 32, 63, 64, 65, 128]) {
    const key = noise(length, 7);
    assert.equal(packet.hmac(key, noise(99, 3)), createHmac("sha256", key).update(noise(99, 3)).digest("hex"), `${length}`);
  }
});

test("each file is sealed over all else that it says; without a key there is no seal", () => {
  const key = "0f".repeat(32);
  const said = { owner: "7", device: "may-1", items: items(3), now: new Date(0) };
  const [{ seal, ...rest }] = packet.packets({ ...said, seal: { signIn: "57", key } });

  assert.deepEqual([rest.sign_in, Object.keys(rest).length], [57, 7]);
  assert.equal(seal, createHmac("sha256", Buffer.from(key, "hex")).update(packet.canonical(rest)).digest("hex"));
  for (const none of [null, undefined]) assert.deepEqual(Object.keys(packet.packets({ ...said, seal: none })[0]).filter((name) => ["seal", "sign_in"].includes(name)), []);
});

test("more versions than a file may hold make two files", () => {
  const many = Array.from({ length: packet.MOST_ITEMS + 1 }, (_, seq) => ({ seq, uuid: `u${seq}`, sheet: "s", body: { uuid: `u${seq}` }, refusal: null }));
  const files = packet.packets({ owner: 1, device: "a", items: many, now: new Date(0) });
  assert.deepEqual(files.map((file) => file.items.length), [packet.MOST_ITEMS, 1]);
});

test("a text survives being packed, cut into codes, and read in any order, some of them twice", async () => {
  const text = JSON.stringify(packet.packets({ owner: 7, device: "may-1", items: items(400), now: new Date(0) })[0]);
  const { packed, bytes } = await packet.pack(text);
  assert.equal(packed, "Z");
  assert.ok(bytes.length < text.length / 4, `${bytes.length} of ${text.length}`);
  const codes = packet.parts(bytes, packed);
  assert.ok(codes.length > 3);
  const heap = packet.collector();
  let last = null;
  for (const { text: code } of [...codes].reverse()) {
    last = heap.take(code);
    if (last.missing.length) assert.equal(heap.take(code).kind, "again");
  }

  assert.deepEqual([last.kind, last.missing], ["part", []]);
  assert.equal(await packet.unpack(last.bytes, last.packed), text);
});

test("a lost code is named until it comes", () => {
  const codes = packet.parts(noise(1000, 5), "J");
  const heap = packet.collector();
  const said = [codes[0], codes[2], codes[3]].map(({ text }) => heap.take(text)).pop();
  assert.deepEqual([said.missing, said.count, said.bytes], [[2], 4, undefined]);
  assert.deepEqual(heap.take(codes[1].text).bytes, noise(1000, 5));
});

test("codes of two files that come mixed up become two files", () => {
  const [one, two] = [noise(900, 5), noise(900, 11)];
  const heap = packet.collector();
  const answers = packet.parts(one, "J").flatMap((part, index) => [part, packet.parts(two, "J")[index]]).map(({ text }) => heap.take(text));
  assert.deepEqual(answers.filter((said) => said.bytes).map((said) => said.bytes), [one, two]);
});

test("a code read wrong, cut short or changed is none", () => {
  const [{ text }] = packet.parts(noise(500, 5), "J");
  for (let at = 0; at < text.length; at += 1) {
    const other = text[at] === "7" ? "8" : "7";
    assert.equal(packet.readPart(text.slice(0, at) + other + text.slice(at + 1)), null, `${at}`);
  }
  for (const bad of ["", "CT1/", text.slice(0, -1), `${text}7`, "https://example.com/", text.replace("/1/2/", "/3/2/")]) assert.equal(packet.readPart(bad), null);
  assert.equal(packet.collector().take("x").kind, "none");
});

test("codes that claim one file and are not, are given back as broken", () => {
  const [one, two] = [packet.parts(noise(500, 5), "J"), packet.parts(noise(500, 11), "J")];
  const { id } = packet.readPart(one[0].text);
  const [, , , , , , ...data] = two[1].text.split("/");
  const head = `CT1/${id}/2/2/J`;
  const forged = `${head}/${packet.crc32(packet.utf8(head + data.join("/")))}/${data.join("/")}`;
  const heap = packet.collector();
  heap.take(one[0].text);
  assert.equal(heap.take(forged).kind, "broken");
  heap.take(one[0].text);
  assert.deepEqual(heap.take(one[1].text).bytes, noise(500, 5));
});

test("every code is small enough for its size, the largest numbers included; too much is refused", async () => {
  const { default: encodeQR } = await import("../../contest/static/vendor/qr/index.js");
  const codes = packet.parts(noise(packet.CHUNK * 999, 5), "Z");
  const { text } = codes[998];
  assert.equal(encodeQR(text, "raw", { ecc: "medium", encoding: "alphanumeric", version: packet.QR_VERSION, border: 1 }).length, 17 + 4 * packet.QR_VERSION + 2);
  assert.deepEqual(packet.parts(noise(packet.CHUNK * 999 + 1, 5), "Z"), []);
});
