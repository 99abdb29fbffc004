#!/usr/bin/env bash
# Builds the live page and tries it in Chromium: see README.md beside it.
set -eu -o pipefail
unset CDPATH
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=tests/packages.sh
. tests/packages.sh

usage() {
  cat <<'END_OF_USAGE'
usage: tests/browser/run.sh [--no-build] [NAME ...]

Builds the module of WebAssembly and the programs that it is compared with,
assembles the page in build/live, checks the types and the style of its
scripts, and runs tests/browser/NAME_test.mjs, or all of them, in headless
Chromium. It installs what it needs with apt-get, as root or with sudo.
END_OF_USAGE
}

build=yes
case ${1:-} in
  --no-build) build=no; shift ;;
  -*) usage >&2; exit 2 ;;
esac
files=()
for name in "$@"; do files+=("tests/browser/${name}_test.mjs"); done

builds=${CNN_BUILD_DIR:-build}  # where ./tutorial builds
export BUILD=$builds/${CNN_PRESET:-release}
export PAGE=$builds/live MODULES=$builds/browser
mkdir -p "$MODULES"
log=$MODULES/log.txt

say() { printf '\n---- [%4d s] %s\n' $SECONDS "$1"; }

quietly() {
  "$@" > "$log" 2>&1 || {
    tail -n 40 "$log" >&2
    echo "tests/browser/run.sh: failed: $*" >&2
    exit 1
  }
}

found() { command -v "$1" > /dev/null 2>&1; }

# Installs what the tests need. `tutorial` installs what the page needs.
install() {
  local missing=()
  found npm || missing+=(npm)
  if [ -z "${CHROME:-}" ] && ! found chromium; then missing+=(chromium); fi
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  say "installing ${missing[*]}"
  apt_install "$log" "${missing[@]}"
}

# Packages from the npm registry are kept as long as their list is the same.
fetch_modules() {
  if [ -e "$MODULES/node_modules/.complete" ] &&
    cmp -s tests/browser/package-lock.json "$MODULES/package-lock.json"; then
    return 0
  fi
  say "fetching the tests' tools from the npm registry"
  cp tests/browser/package.json tests/browser/package-lock.json "$MODULES/"
  quietly npm ci --prefix "$MODULES" --no-audit --no-fund \
    --no-update-notifier
  touch "$MODULES/node_modules/.complete"
}

build_page() {
  say "the page, and the programs that it is compared with"
  ./tutorial live --build
  quietly cmake --build "$BUILD" --parallel "$(nproc)" \
    --target 16-saving 17-handwriting browser-native browser-functions
}

if [ -n "${CHROME:-}" ] && ! found "$CHROME"; then
  echo "tests/browser/run.sh: CHROME is '$CHROME', which is not there: set it\
 to a Chromium, or unset it" >&2
  exit 1
fi
if [ $build = yes ]; then build_page; fi
install
CHROME=$(command -v "${CHROME:-chromium}") || {
  echo "tests/browser/run.sh: no chromium here: set CHROME to a Chromium" >&2
  exit 1
}
export CHROME
fetch_modules

say "types"
for config in tsconfig.json tsconfig.worker.json; do
  node "$MODULES/node_modules/typescript/bin/tsc" --project \
    "tests/browser/$config"
done
say "style"
node "$MODULES/node_modules/eslint/bin/eslint.js" \
  --config tests/browser/eslint.config.mjs \
  chapters/18-browser tests/browser tests/wasm book/.vitepress
say "the module in node, with vectors and without"
node tests/browser/module.mjs "$BUILD" simd & simd=$!
node tests/browser/module.mjs "$BUILD" scalar || { kill $simd; exit 1; }
wait $simd
say "the page in Chromium"
exec node tests/browser/harness.mjs ${files[@]+"${files[@]}"}
