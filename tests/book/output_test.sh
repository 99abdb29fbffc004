#!/usr/bin/env bash
# Runs a chapter's program as a reader does, and compares what it prints,
# reports and draws with what is committed: output_test.sh TOOL PROGRAM FOLDER
set -eu
tool=$1 program=$2 fresh=$3
name=$(basename "$program")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

rm -rf "$fresh"
mkdir -p "$fresh/figures"
cp -R "figures/$name/." "$fresh/figures"
"$program" --report "$fresh/$name.report" > "$fresh/$name.txt" \
  2> "$fresh/$name.err" || { cat "$fresh/$name.err" >&2; exit 1; }

failed=0
"$tool" compare "book/output/$name" "$fresh/$name" || failed=1
if [ "$("$tool" platform)" = reference ]; then
  for figure in "figures/$name"/*; do
    if ! cmp -s "$figure" "$fresh/figures/$(basename "$figure")"; then
      echo "$figure was not what $name draws; it is now" >&2
      failed=1
    fi
  done
fi
exit $failed
