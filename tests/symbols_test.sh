#!/bin/sh
# Checks what an object of chapter 07's kernels defines:
#   symbols_test.sh NM ISA FILE
# Every name that the linker can see must be in namespace cnn::ISA, or it could
# be taken for the same name of another instruction set. If ISA is empty, no
# name outside such a namespace may contain a vector type.
set -eu
nm=$1 isa=$2 file=$3
# A line is "ADDRESS TYPE NAME". A small letter is a local name, except that u,
# v and w are visible like capitals. U is not defined in this file.
visible=$("$nm" --demangle "$file" | grep -E '^[0-9a-f]+ [A-TV-Zuvw] ' || :)
if [ -z "$visible" ]; then
  echo "$file: expected names that the linker can see, found none" >&2
  exit 1
fi
if [ -n "$isa" ]; then
  bad=$(printf '%s\n' "$visible" | grep -v "cnn::$isa::" || :)
else
  bad=$(printf '%s\n' "$visible" | grep "__vector" |
    grep -v -E "cnn::(portable|avx2|avx512|neon)::" || :)
fi
if [ -n "$bad" ]; then
  echo "$file: these names can be mixed up:" >&2
  printf '%s\n' "$bad" >&2
  exit 1
fi
