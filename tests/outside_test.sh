#!/usr/bin/env bash
# Tests that another project can use our library, with the lines that the
# README gives and as a folder of its own: outside_test.sh WORK [--network]
# With --network, also builds the program that needs chapter 07's kernels.
# Prints one line per check, ends with status 1 at the first that fails.
set -u -o pipefail
unset CDPATH
house=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rm -rf "$1"
mkdir -p "$1"
work=$(cd "$1" && pwd)
network=${2:-}
if command -v ninja > /dev/null; then export CMAKE_GENERATOR=Ninja; fi

check() {  # NAME COMMAND...
  local name=$1
  shift
  if "$@" > "$work/log" 2>&1; then
    echo "ok: $name"
  else
    echo "FAILED: $name"
    tail -n 30 "$work/log"
    exit 1
  fi
}

lines=$work/lines.cmake
# shellcheck disable=SC2016  # the fence of a code block
sed -n '/^```cmake$/,/^```$/{/^```/!p;}' "$house/README.md" > "$lines"
check "the README gives five lines of CMake" \
  test "$(wc -l < "$lines" | tr -d ' ')" = 5

for name in lines subdirectory; do
  build=$work/$name
  # CMake takes this folder in place of what the lines would fetch.
  case $name in
    lines) set -- "-DLINES=$lines" -DPIXELS=elsewhere \
      "-DFETCHCONTENT_SOURCE_DIR_PIXELS=$house" ;;
    *) set -- "-DHOUSE=$house" ;;
  esac
  check "$name: a project that is not ours configures" \
    cmake -S "$house/tests/outside" -B "$build" "$@"
  check "... with a warning of nothing" \
    test "$(grep -c Warning "$work/log")" = 0
  check "... and builds, with its warnings as errors" \
    cmake --build "$build" --parallel 1
  check "... that is one object of its own and none of ours" \
    test "$(find "$build" -name '*.o' -o -name '*.obj' | wc -l | tr -d ' ')" = 1
  check "... which computes" test "$("$build/mine")" = "4 4 4"
done

if [ "$network" = --network ]; then
  check "a program with a network of ours builds" \
    cmake --build "$work/lines" --target reads-digits --parallel
  output=$("$work/lines/reads-digits" \
    "$house/chapters/16-saving/weights/digits.safetensors")
  check "... and reads 9 digits of 10" test "${output%% *}" -ge 90
  echo "$output"
fi
echo "all checks passed"
