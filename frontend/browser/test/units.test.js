import assert from 'node:assert/strict';
import test from 'node:test';
import { formatter } from '../src/charts/units.js';

const cases = [
  ['bytes', 0, '0 B'],
  ['bytes', 1023, '1020 B'],
  ['bytes', 1536, '1.5 KiB'],
  ['bytes', -(2 ** 30), '-1 GiB'],
  ['bytes', 2 ** 70, '1050000 PiB'],
  ['seconds', 0, '0 s'],
  ['seconds', 0.0123456, '12.3 ms'],
  ['seconds', 5e-7, '0.5 µs'],
  ['seconds', 90, '1.5 min'],
  ['seconds', 172800, '2 d'],
  ['milliseconds', 250, '250 ms'],
  ['ratio', 0.01234, '1.23 %'],
  ['percent', 99.95, '100 %'],
  ['count', 1234567, '1.23 M'],
  ['per_second', 1500, '1.5 k/s'],
  ['count', null, '–'],
  ['seconds', Number.NaN, '–'],
];

for (const [unit, value, expected] of cases) {
  test(`${value} as ${unit} is ${expected}`, () => assert.equal(formatter(unit)(value), expected));
}

test('no unit, no formatter', () => {
  assert.equal(formatter(undefined), undefined);
  assert.equal(formatter('furlongs'), undefined);
});
