// docs/benchmarks.md: each benchmark writes its own section and leaves the others as they are.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const PLACE = new URL('../docs/benchmarks.md', import.meta.url);

export function writeSection(name, text) {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const page = readFileSync(PLACE, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md has no place for ${name}: ${begin} … ${end}`);
  writeFileSync(PLACE, `${page.slice(0, from)}${begin}\n${text.trim()}\n${page.slice(to)}`);
}

export const micro = (nanoseconds) => {
  const value = nanoseconds / 1000;
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
};

export const whole = (value) => Math.round(value).toLocaleString('en');

export const times = (value) => value.toFixed(2);

export const milliseconds = (value) => (value < 10 ? value.toFixed(1) : value.toFixed(0));

export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

/** Half of the way from the 10th to the 90th percentile, as a share of the median. */
export const spread = ({ median, low, high }) => (median > 0 ? `±${Math.round(((high - low) / median) * 50)} %` : '–');

export const ratio = (value) => (value >= 100 ? value.toFixed(0) : value.toFixed(1));

/** A table whose columns after `head` hold numbers. */
export function markdown(head, names, rows) {
  const ruler = [...head.map(() => '---'), ...names.map(() => '---:')].join('|');
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line([...head, ...names]), `|${ruler}|`, ...rows.map(line)].join('\n');
}

/** The machine, in a line. */
export function machine() {
  const [{ model }] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model.trim()}, ${cpus().length} cores, ${memory} GiB, ${process.platform} ${process.arch}, Node.js ${process.versions.node}`;
}

/** Names of npm packages with the versions that were measured. */
export function versions(names) {
  const manifest = (name) => new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return names.map((name) => `${name} ${JSON.parse(readFileSync(manifest(name), 'utf8')).version}`).join(', ');
}

export function rustc() {
  return execFileSync('rustc', ['--version'], { encoding: 'utf8' }).split(' ', 2).join(' ');
}
