#!/usr/bin/env bash
# Tests the programs with small and odd data sets: each program works, or
# refuses in one line before it has printed or drawn anything.
# data_test.sh FOLDER-OF-PROGRAMS
set -u
programs=$(cd "$1" && pwd)
source_folder=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

# The embedded digits are sorted. This is how many there are of each.
digits=$source_folder/common/data/digits-images-idx3-ubyte
# shellcheck disable=SC2207  # the counts are words
counts=($(tail -c +9 "$source_folder/common/data/digits-labels-idx1-ubyte" |
  od -An -v -tu1 | tr -s ' ' '\n' | grep . | uniq -c | awk '{ print $1 }'))

big_endian() {
  # shellcheck disable=SC2059  # the bytes are the format
  printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 >> 24 & 255)) \
    $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"
}

# image LABEL NUMBER: prints the bytes of one embedded digit.
image() {
  local at=0 label
  for ((label = 0; label < $1; ++label)); do at=$((at + counts[label])); done
  tail -c +$((17 + 784 * (at + $2))) "$digits" | head -c 784
}

# part FOLDER NAME CHANGE LABEL...: makes a pair of IDX files with a picture
# for each label in turn, sent through the command CHANGE.
part() {
  local folder=$1 name=$2 change=$3 label n=0
  shift 3
  mkdir -p "$folder"
  {
    big_endian 2051; big_endian $#; big_endian 28; big_endian 28
    for label in "$@"; do
      image "$label" $n | $change
      n=$((n + 1))
    done
  } > "$folder/$name-images-idx3-ubyte"
  {
    big_endian 2049; big_endian $#
    # shellcheck disable=SC2059
    for label in "$@"; do printf "\\x0$label"; done
  } > "$folder/$name-labels-idx1-ubyte"
}

# both FOLDER CHANGE LABEL...: makes a set whose two parts are the same.
both() {
  part "$1" train "${@:2}"
  part "$1" t10k "${@:2}"
}

black() { tr '\000-\377' '\000'; }
white() { tr '\000-\377' '\377'; }
grey() { tr '\000-\377' '\200'; }
faint() { tr '\001-\377' '\001'; }  # black, and nearly black
hard() { tr '\000-\177' '\000' | tr '\200-\377' '\377'; }
# Every pixel of a picture has the grey of its first inked one.
level() {
  local byte
  byte=$(tr -d '\000' | od -An -tu1 -N1 | tr -d ' ')
  head -c 784 /dev/zero | tr '\000' "$(printf '\\%03o' "$byte")"
}

all=(0 1 2 3 4 5 6 7 8 9)
both one-of-each cat "${all[@]}"
both two-of-each hard "${all[@]}" "${all[@]}"
both faint faint "${all[@]}" "${all[@]}"
both levels level "${all[@]}" "${all[@]}"
accepted="one-of-each two-of-each faint levels"

both zeros-and-ones cat 0 1 0 1
both one-class cat 7 7 7
both one-picture cat 3
both black black "${all[@]}"
both white white "${all[@]}"
both grey grey "${all[@]}"
part no-nine train cat "${all[@]}"
part no-nine t10k cat 0 1 2 3 4 5 6 7 8 8
part nothing-learned-of-0 train cat 9 1 2 3 4 5 6 7 8 9
part nothing-learned-of-0 t10k cat "${all[@]}"
refused="zeros-and-ones one-class one-picture black white grey no-nine"
refused="$refused nothing-learned-of-0"

fail() {
  echo "FAILED: $1"
  sed 's/^/  err: /' err | tail -n 5
  failures=$((failures + 1))
}

# refuses NAME SET: there must be one line on standard error and status 1, and
# nothing may be printed, drawn or reported.
refuses() {
  local status=0
  "$program" --data "$2" --figures figures --report report \
    > out 2> err || status=$?
  if [ $status -ne 1 ] || [ "$(wc -l < err)" -ne 1 ] ||
    ! grep -q "^$1: .*$2.*: expected .*pictures.*found " err; then
    fail "$1 --data $2: status $status, expected one line and 1"
  elif [ -s out ] || [ -e report ] ||
    find . -path './figures/*' -type f | grep -q .; then
    fail "$1 --data $2: did something before it refused"
  fi
  rm -rf figures report
}

# works NAME SET: the status must be 0, with no nan or inf in the report.
works() {
  local status=0
  "$program" --quick --data "$2" --figures figures --report report \
    > out 2> err || status=$?
  if [ $status -ne 0 ]; then
    fail "$1 --data $2: status $status, expected 0"
  elif grep -qiE '= -?(nan|inf)' report; then
    fail "$1 --data $2: reports what is no number"
  fi
  rm -rf figures report
}

for program in "$programs"/*/[0-9][0-9]-*; do
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
  name=$(basename "$program")
  "$program" --help | grep -q -e --data || continue
  for set in $refused; do refuses "$name" "$set"; done
  for set in $accepted; do
    # Chapter 07 needs an image for each of its 16 lanes, and chapter 15 takes
    # only pictures in colour.
    if [ "$name $set" = "07-speed one-of-each" ] ||
      [ "$name" = 15-colour ]; then
      refuses "$name" "$set"
    else
      works "$name" "$set"
    fi
  done
  echo "tried $name"
done
echo "$failures failed"
[ $failures -eq 0 ]
