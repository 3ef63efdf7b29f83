// Numbers as people read them: three figures and a unit that fits the size. Units are those of the series, in Prometheus' base units.

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const DECIMAL = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];
const DURATION = [
  [86400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
];

function figures(value) {
  return String(Number(value.toPrecision(3)));
}

function bytes(value) {
  let step = 0;
  let left = value;
  while (Math.abs(left) >= 1024 && step < BINARY.length - 1) {
    left /= 1024;
    step += 1;
  }
  return `${figures(left)} ${BINARY[step]}`;
}

function scaled(value, steps, fallback) {
  const size = Math.abs(value);
  const found = steps.find(([from]) => size >= from);
  return found ? [value / found[0], found[1]] : [value, fallback];
}

function seconds(value) {
  if (value === 0) return '0 s';
  // Below the smallest step stays in that step: 0.5 µs.
  const [left, unit] = scaled(value, DURATION, null);
  return unit ? `${figures(left)} ${unit}` : `${figures(value * 1e6)} µs`;
}

function count(value) {
  const [left, unit] = scaled(value, DECIMAL, '');
  return `${figures(left)}${unit ? ` ${unit}` : ''}`;
}

const FORMATS = {
  bytes,
  seconds,
  milliseconds: (value) => seconds(value / 1000),
  ratio: (value) => `${figures(value * 100)} %`,
  percent: (value) => `${figures(value)} %`,
  per_second: (value) => `${count(value)}/s`,
  count,
};

/** The formatter for a unit's name, or undefined for none. A gap in the data reads as a dash. */
export function formatter(unit) {
  const format = FORMATS[unit];
  return format && ((value) => (typeof value === 'number' && Number.isFinite(value) ? format(value) : '–'));
}
