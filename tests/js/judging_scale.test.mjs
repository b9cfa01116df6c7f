import assert from "node:assert/strict";
import { test } from "node:test";
import { makeScale, parse, plain, show, stepFrom, stepKeys, total } from "../../contest/static/js/judging/scale.js";

const quarter = makeScale({ max: "10", step: "0.25" });
const half = makeScale({ max: "60", step: "0.5" });
const free = makeScale({ max: null, step: null });

test("both a comma and a point are read, in whole units", () => {
  for (const typed of ["9,25", "9.25", " 9,25 ", "9,250000"]) assert.deepEqual(parse(typed, quarter), { units: 925 });
  assert.deepEqual(parse("0", quarter), { units: 0 });
});

test("nothing and a dash are no mark, which is not 0", () => {
  for (const typed of ["", " ", "-", "–", "—", "−"]) assert.deepEqual(parse(typed, quarter), { units: null });
});

test("what is off the scale names the nearest marks on it", () => {
  assert.deepEqual(parse("9,3", quarter), { fault: "off_step", below: 925, above: 950 });
  assert.deepEqual(parse("9,2500001", quarter), { fault: "off_step", below: 925, above: 950 });
  assert.deepEqual(parse("10,25", quarter), { fault: "above_max", below: 1000, above: null });
  assert.deepEqual(parse("10,0001", quarter), { fault: "above_max", below: 1000, above: null });
  assert.equal(parse("-1", quarter).fault, "sign");
  assert.equal(parse("1.250", half).fault, "ambiguous");
  assert.equal(parse("chín", half).fault, "not_a_number");
  assert.equal(parse("1e3", half).fault, "not_a_number");
  assert.equal(parse("1234567890123", half).fault, "too_long");
});

test("a scale without limits takes any plain decimal", () => {
  assert.equal(plain(parse("12,3456", free).units, free.places), "12.3456");
});

test("every value of a scale comes back as it was typed", () => {
  for (let units = 0; units <= 1000; units += 25) {
    const text = plain(units, 2);
    assert.deepEqual(parse(show(text), quarter), { units });
  }
});

test("steps stay on the scale", () => {
  assert.equal(stepFrom(null, 1, half), 0);
  assert.equal(stepFrom(null, -1, half), null);
  assert.equal(stepFrom(0, -1, half), 0);
  assert.equal(stepFrom(half.max, 1, half), half.max);
  let units = 0;
  for (let count = 0; count < 40; count += 1) units = stepFrom(units, 1, quarter);
  assert.equal(units, 1000);
});

test("the total is exact and no mark at all has none", () => {
  const lines = (values) => values.map(([value, weight]) => ({ value, weight }));
  assert.equal(total(lines([["0.1", "1"], ["0.2", "1"]])), "0.3");
  assert.equal(total(lines([["52.5", "1"], [null, "1"], ["8", "1"]])), "60.5");
  assert.equal(total(lines([["9.25", "0.7"], ["8", "0.3"]])), "8.875");
  assert.equal(total(lines([[null, "1"]])), null);
  assert.equal(total(lines([["0", "1"]])), "0");
});

test("the number pad offers the parts of one step", () => {
  assert.deepEqual(stepKeys(quarter), ["", "25", "5", "75"]);
  assert.deepEqual(stepKeys(half), ["", "5"]);
  assert.deepEqual(stepKeys(makeScale({ max: "10", step: "1" })), []);
  assert.deepEqual(stepKeys(free), []);
});

test("numbers are shown with a comma, no mark as a dash", () => {
  assert.deepEqual([show("52.5"), show("52.5", "en"), show(null), show("0")], ["52,5", "52.5", "–", "0"]);
});
