import assert from "node:assert/strict";
import { test } from "node:test";
import * as sheet from "../../contest/static/js/judging/sheet.js";

const data = (marks = { nd: null, st: null }, version = null) => ({
  criteria: [
    { key: "nd", name: "Nội dung", max: "60", step: "0.5", weight: "1" },
    { key: "st", name: "Sáng tạo", max: "10", step: "0.25", weight: "1" },
  ],
  marks, comment: "", version, state: "begun", saved_at: version ? "2024-09-10T02:00:00+00:00" : null,
});

test("an untouched sheet is nowhere, has no total and misses every mark", () => {
  const state = sheet.open(data(), [], null);
  assert.deepEqual(sheet.summary(state), { total: null, missing: ["nd", "st"], faults: [] });
  assert.deepEqual([sheet.place(state), sheet.isDirty(state)], ["none", false]);
});

test("typing makes it the tablet's until the server has answered", () => {
  let state = sheet.type(sheet.open(data(), [], null), "nd", "52,5");
  assert.equal(sheet.place(state), "tablet");
  const body = sheet.version(state, "draft");
  assert.deepEqual(body, { kind: "draft", marks: { nd: "52.5", st: null }, comment: "", reason: "" });
  state = sheet.written(state, body);
  assert.deepEqual([sheet.isDirty(state), sheet.place(state)], [false, "tablet"]);
  state = sheet.acknowledged(state, { version: "v1", marks: body.marks, comment: "", server_at: "2024-09-10T02:00:00+00:00" });
  assert.deepEqual([sheet.place(state), state.stored.version, sheet.unlike(state)], ["server", "v1", []]);
});

test("0 is a mark and a dash takes it back", () => {
  let state = sheet.type(sheet.open(data(), [], null), "st", "0");
  assert.deepEqual(sheet.summary(state), { total: "0", missing: ["nd"], faults: [] });
  state = sheet.type(state, "st", "–");
  assert.deepEqual(sheet.summary(state), { total: null, missing: ["nd", "st"], faults: [] });
});

test("what is off the scale becomes no version, and is not lost", () => {
  const state = sheet.type(sheet.open(data(), [], null), "st", "12");
  assert.equal(sheet.version(state, "draft"), null);
  assert.deepEqual(sheet.summary(state).faults, ["st"]);
  assert.equal(sheet.place(state), "faulty"); // nothing is being saved, and the page must not say so
  const again = sheet.open(data(), [], { texts: state.texts, comment: "giữ" });
  assert.deepEqual([again.texts.st, again.comment], ["12", "giữ"]);
});

test("after a reload the newest waiting version is what is shown", () => {
  const pending = [
    { uuid: "a", body: { kind: "draft", marks: { nd: "40", st: null }, comment: "" } },
    { uuid: "b", body: { kind: "sent", marks: { nd: "45", st: "8" }, comment: "tốt" } },
  ];
  const state = sheet.open(data({ nd: "10", st: null }, "v0"), pending, null);
  assert.deepEqual([state.texts, state.comment, state.unsent, state.sending], [{ nd: "45", st: "8" }, "tốt", 2, true]);
  assert.deepEqual([sheet.place(state), sheet.isDirty(state)], ["tablet", false]);
});

test("a refusal is seen until something is typed", () => {
  let state = sheet.open(data(), [{ uuid: "a", body: { kind: "draft", marks: { nd: "40", st: null }, comment: "" } }], null);
  state = sheet.refused(state, { code: "round_closed", detail: "Vòng chấm đã đóng." });
  assert.equal(sheet.place(state), "lost");
  assert.equal(sheet.place(sheet.type(state, "nd", "40")), "tablet");
});

test("a refusal is still seen after a reload, with what was typed, until something newer is kept", () => {
  const lost = { uuid: "a", body: { kind: "draft", marks: { nd: "40", st: null }, comment: "tốt" }, refusal: { code: "bad_marks", detail: "Quá thang." } };
  let state = sheet.open(data({ nd: "10", st: null }, "v0"), [], null, lost);
  assert.deepEqual([sheet.place(state), state.refusal.detail, state.texts.nd, state.comment], ["lost", "Quá thang.", "40", "tốt"]);
  assert.deepEqual([state.unsent, sheet.isDirty(state)], [0, true]);
  state = sheet.open(data({ nd: "10", st: null }, "v0"), [], { texts: { nd: "30" }, comment: "" }, lost);
  assert.deepEqual([sheet.place(state), state.texts.nd], ["tablet", "30"]);
});

test("a mark the server stored otherwise is named", () => {
  let state = sheet.type(sheet.open(data(), [], null), "nd", "40");
  state = sheet.written(state, sheet.version(state, "draft"));
  state = sheet.acknowledged(state, { version: "v", marks: { nd: "39.5", st: null }, comment: "", server_at: "x" });
  assert.deepEqual(sheet.unlike(state), ["nd"]);
});

test("a page drawn while a version was on its way is older than that version, whatever the clocks say", () => {
  const drawn = { ...data({ nd: "10", st: null }, "v0"), number: 3, drawn_at: "2024-09-10T02:00:05+00:00" };
  const stored = { version: "v1", number: 4, state: "begun", marks: { nd: "40", st: null }, comment: "", at: "2024-09-10T02:00:04+00:00" };
  assert.equal(sheet.newest(drawn, stored).version, "v1");
  assert.equal(sheet.newest(drawn, { ...stored, number: 3 }).version, "v0");
  assert.equal(sheet.newest({ ...drawn, number: undefined }, stored).version, "v0");
  assert.equal(sheet.newest({ ...drawn, number: undefined }, { ...stored, at: "2024-09-10T02:00:06+00:00" }).version, "v1");
});

test("a repeated answer for an old version takes nothing newer back", () => {
  let state = sheet.open({ ...data({ nd: "40", st: null }, "v4"), number: 4 }, [], null);
  state = sheet.acknowledged(state, { version: "v3", number: 3, marks: { nd: "30", st: null }, comment: "", server_at: "x" }, 2);
  assert.deepEqual([state.stored.version, state.stored.marks.nd, state.unsent], ["v4", "40", 2]);
});

test("a page drawn when the version was stored already has nothing new to say of it; one of before numbers may", () => {
  const said = (number, drawn) => sheet.shows({ number: drawn }, { number });
  assert.deepEqual([said(3, 3), said(3, 4), said(3, 2), said(3, undefined)], [true, true, false, false]);
});

test("what another window of this tablet wrote is taken over, and what is typed here stays", () => {
  const here = sheet.type(sheet.type(sheet.open(data({ nd: "40", st: null }, "v1"), [], null), "st", "9,7"), "nd", "40");
  const there = sheet.open(data({ nd: "45", st: "8" }, "v2"), [], null);
  const state = sheet.follow(here, there);
  assert.deepEqual([state.texts, state.stored.version, sheet.isDirty(state)], [{ nd: "45", st: "9,7" }, "v2", true]);
});

test("a version of another window that still waits is what this window goes on from", () => {
  const here = sheet.remark(sheet.open(data({ nd: "40", st: null }, "v1"), [], null), "Bài chắc.");
  const waiting = [{ body: { kind: "draft", marks: { nd: "45", st: null }, comment: "" } }];
  const state = sheet.follow(here, sheet.open(data({ nd: "40", st: null }, "v1"), waiting, null));
  assert.deepEqual(sheet.version(state, "draft"), { kind: "draft", marks: { nd: "45", st: null }, comment: "Bài chắc.", reason: "" });
  assert.equal(state.unsent, 1);
});

test("what the server refused of this window stays to be seen", () => {
  let here = sheet.type(sheet.open(data({ nd: "40", st: null }, "v1"), [], null), "nd", "45");
  here = sheet.refused(here, { code: "round_closed" }, 0);
  const state = sheet.follow(here, sheet.open(data({ nd: "40", st: "8" }, "v2"), [], null));
  assert.deepEqual([state.refusal, state.texts, sheet.place(state)], [{ code: "round_closed" }, { nd: "45", st: "8" }, "lost"]);
});
