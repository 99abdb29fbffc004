#!/usr/bin/env bash
# Tests of `./tutorial live` without a build: scripts stand in for CMake, for
# the clang for WebAssembly and for the chapter's program.
# Prints one line per check, ends with status 1 at the first that fails.
# shellcheck source=tests/tutorial_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tutorial_common.sh"

run live --help
check "live --help prints the help" says "live --build"
for options in --fast 8x 99999999 "--build 12345678"; do
  # shellcheck disable=SC2086  # words
  run live $options
  check "live $options ends with status 2" ends_with 2
  check "... after one line" lines 1
done
check "... that names it" says "live: '12345678' is no port"
check "none of that left anything behind" absent build

if ! node -e 'process.exit(+(parseInt(process.versions.node) < 18))' \
  2> /dev/null; then
  echo "skipped: the rest, as node 18 is missing"
  exit 0
fi

fake_tools
from=$source_folder/chapters
mkdir -p book/.vitepress chapters/18-browser
cp "$source_folder/book/.vitepress/serve.mjs" book/.vitepress/
cp -R "$from/18-browser/page" "$from/18-browser/assemble.mjs" \
  chapters/18-browser/
if [ -d "$from/18-browser/live" ]; then
  cp -R "$from/18-browser/live" chapters/18-browser/
fi
for name in 16-saving 17-handwriting; do
  mkdir -p "chapters/$name"
  cp -R "$from/$name/weights" "chapters/$name/"
done
program 18-browser <<'END'
if [ -e "${0%/*}/broken" ]; then echo "words of the program" >&2; exit 1; fi
mkdir -p "$2"
printf 'held out' > "$2/held-out.bin"
printf 'to learn from' > "$2/train.bin"
END
for name in engine-simd engine-scalar darkroom-simd darkroom-scalar; do
  echo "$name" > "build/release/chapters/18-browser/$name.wasm"
done

# ---- A clang for WebAssembly ----------------------------------------------

for name in clang++ clang++-14 clang++-15 clang++-16 clang++-17 clang++-18 \
  clang++-19; do
  printf '#!/bin/sh\nexit 1\n' > "$work/bin/$name"
done
chmod +x "$work"/bin/clang++*
run live --build
check "without a clang for WebAssembly live ends with status 1" ends_with 1
check "... after it offered Debian's packages" says "libc++-dev-wasm32"
check "... and says what else would do" says "CNN_WASM_COMPILER"
check "... and built nothing" absent build/live

# If the user's own cannot be used, none is, although another one would do.
cp "$work/bin/clang++" "$work/bin/no wasm"
printf '#!/bin/sh\nexit 0\n' > "$work/bin/clang++"
for own in nowhere /nowhere/clang++; do
  CNN_WASM_COMPILER=$own run live --build
  check "a CNN_WASM_COMPILER that is not there ends with status 1" ends_with 1
  check "... after one line" lines 1
  check "... that says so" \
    says "CNN_WASM_COMPILER is '$own', which is not there: set it to"
done
CNN_WASM_COMPILER="$work/bin/no wasm" run live --build
check "one that does not compile for WebAssembly does so, too" ends_with 1
check "... after one line" lines 1
check "... that says so" says "no wasm', which does not compile for WebAssembly"
check "... and nothing is built" absent build/live
cp "$work/bin/no wasm" "$work/bin/clang++"

printf '#!/bin/sh\nexit 0\n' > "$work/bin/my clang"
chmod +x "$work/bin/my clang"
export CNN_WASM_COMPILER="$work/bin/my clang"
run live --build
check "live --build ends with status 0" ends_with 0
check "CMake is told of the user's clang" \
  grep -qF -e "-DCNN_WASM_COMPILER=$work/bin/my clang" "$work/cmake_calls"
check "... and builds the program and the module" \
  grep -q -e "--target 18-browser browser-engine" "$work/cmake_calls"

# ---- The folder -----------------------------------------------------------

# All files that release.json names must be there with their sums, and no other.
whole() {
  # shellcheck disable=SC2016  # the program is for node
  output=$(node -e '
    const { readFileSync, readdirSync, statSync } = require("node:fs")
    const { createHash } = require("node:crypto")
    const { files, version } = JSON.parse(readFileSync("release.json"))
    for (const [name, sum] of Object.entries(files)) {
      const is = createHash("sha256").update(readFileSync(name)).digest("hex")
      if (!is.startsWith(sum)) console.log(name, "has another sum")
    }
    for (const name of readdirSync(".", { recursive: true }))
      if (statSync(name).isFile() && !files[name.replaceAll("\\", "/")] &&
        name !== "release.json" && name !== "sw.js") console.log(name, "?")
    if (!readFileSync("sw.js", "utf8").includes(`\x27${version}\x27`))
      console.log("sw.js is of another version")' 2>&1)
  [ -z "$output" ]
}
version() { sed -n 's/.*"version": "\(.*\)".*/\1/p' "$1/release.json"; }

cd build/live || exit 1
check "the folder is whole" whole
cd ../..
for name in index.html style.css main.mjs engine.mjs sw.js icon.svg \
  manifest.webmanifest engine-simd.wasm engine-scalar.wasm \
  darkroom-simd.wasm darkroom-scalar.wasm \
  digits.safetensors reader.safetensors held-out.bin.gz train.bin.gz; do
  check "... and has $name" test -s "build/live/$name"
done
unpacked() { [ "$(gzip -dc < build/live/held-out.bin.gz)" = "held out" ]; }
check "... and the digits" unpacked
check "... packed only" absent build/live/train.bin
first=$(version build/live)
touch build/live/of-yesterday
run live --build
check "the same files make the same version" test "$(version build/live)" = "$first"
check "... and nothing of an earlier one stays" absent build/live/of-yesterday
echo "/* changed */" >> chapters/18-browser/page/style.css
run live --build
check "a changed file makes another" test "$(version build/live)" != "$first"
touch build/release/chapters/18-browser/broken
run live --build
check "a program that fails ends it" ends_with 1
check "... with the program's words" says "words of the program"
rm build/release/chapters/18-browser/broken
node chapters/18-browser/assemble.mjs "$work/site" --book ../ \
  --engine build/release/chapters/18-browser --data build/live-data \
  > "$work/assembled"
check "the page of a site knows where its book is" \
  grep -q '"book": "../"' "$work/site/release.json"
check "... which is another version" \
  test "$(version "$work/site")" != "$(version build/live)"
mkdir "$work/mine"
touch "$work/mine/letter"
status=0
output=$(node chapters/18-browser/assemble.mjs "$work/mine" \
  --engine build/release/chapters/18-browser --data build/live-data 2>&1) ||
  status=$?
check "a folder that holds something else is refused" ends_with 1
check "... in one line" says "holds something else"
check "... and left as it was" test -e "$work/mine/letter"

# ---- A Chromium for the page's tests --------------------------------------

status=0
output=$(CHROME=/nowhere/chromium CNN_BUILD_DIR="$work/browser" \
  bash "$source_folder/tests/browser/run.sh" --no-build 2>&1) || status=$?
check "the page's tests take no other Chromium than the user's" ends_with 1
check "... as one line says" lines 1
check "... before all else" says \
  "CHROME is '/nowhere/chromium', which is not there: set it to a Chromium"

# ---- A port without rights ------------------------------------------------

cat > "$work/no_rights.cjs" <<'END'
require('node:net').Server.prototype.listen = function () {
  const error = Object.assign(new Error('no rights'), { code: 'EACCES' })
  process.nextTick(() => this.emit('error', error))
}
END
NODE_OPTIONS="--require $work/no_rights.cjs" run live 80
check "a port that one may not serve at ends with status 1" ends_with 1
check "... after one line" lines 1
check "... that says so, and names another" says \
  "live: you may not serve at port 80: name one from 1024 on, as in ./tutorial live 5174"

# ---- The server -----------------------------------------------------------

# shellcheck disable=SC2016  # $1 is the script's
printf '#!/bin/sh\necho "$1" > "%s/opened"\n' "$work" > "$work/bin/xdg-open"
cp "$work/bin/xdg-open" "$work/bin/open"
chmod +x "$work/bin/xdg-open" "$work/bin/open"
export DISPLAY=:0
start_script live 0
check "live serves the page" wait_for grep -q '^http' "$work/output"
address=$(sed -n 's/^\(http[^ ]*\).*/\1/p' "$work/output")
check "... and opens it" wait_for grep -qxF "$address" "$work/opened"
fetched() {  # NAME: prints status, type and encoding
  node -e 'fetch(process.argv[1]).then((answer) => console.log(answer.status,
    answer.headers.get("content-type"),
    answer.headers.get("content-encoding")))' "$address$1"
}
check "... a module as application/wasm" \
  test "$(fetched engine-simd.wasm)" = "200 application/wasm null"
check "... what is packed as it is" \
  test "$(fetched train.bin.gz)" = "200 application/octet-stream null"
check "... the manifest" test "$(fetched manifest.webmanifest)" = \
  "200 application/manifest+json null"
check "... and not what is not there" \
  test "$(fetched nothing.mjs | cut -c 1-3)" = 404
interrupt_script
check "Ctrl-C ends it" test "$status" -ge 128
check "... which the first line promised" says "Ctrl-C ends it"

rm "$work/opened"
start_script live --no-open 0
check "live --no-open serves, too" wait_for grep -q '^http' "$work/output"
interrupt_script
check "... and opens nothing" absent "$work/opened"
