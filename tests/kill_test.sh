#!/usr/bin/env bash
# Tests that a training which is killed at any moment and resumed ends in the
# same bytes as one that is not: kill_test.sh FOLDER-OF-PROGRAMS [KILLS]
# If it fails, prints a line that begins with FAILED and ends with status 1.
set -u -o pipefail
unset CDPATH
train=$(cd "$1" && pwd)/16-saving/16-saving
kills=${2:-6}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

fail() {
  echo "FAILED: $1"
  tail -n 3 err
  ls -l
  exit 1
}

# The epochs are short, so that much of the time goes into writing.
small=(--network "flatten, dense 10" --batch 8000 --threads 1 --epochs)
epochs=20
run() { "$train" train "$@" > out 2> err; }
start() { run --save F "${small[@]}" "$epochs"; }

began=$(date +%s%N)
start || fail "the training itself"
lasts=$((($(date +%s%N) - began) / 1000000))
mv F whole
[ "$(ls)" = $'err\nout\nwhole' ] || fail "the training left other files"

# Runs a part of the training and kills it after so many milliseconds. Status 1
# if it had ended before.
kill_after() {  # MILLISECONDS OPTION...
  local milliseconds=$1 process status=0
  shift
  : > out
  "$train" train "$@" > out 2> err &
  process=$!
  sleep "$(printf '%d.%03d' $((milliseconds / 1000)) $((milliseconds % 1000)))"
  kill -KILL $process 2> /dev/null
  wait $process 2> /dev/null || status=$?
  [ $status -eq 137 ]
}

# F and F.resume must be whole if they are there after a kill, and at most the
# epoch that was under way may be lost: a row is printed when its epoch is on
# the disk, except the last one, which is lost unless F is there by then.
look() {
  local rows
  if ls ./*.part > /dev/null 2>&1; then writing=$((writing + 1)); fi
  if [ -e F ]; then
    cmp -s F whole || fail "F is there and is not whole"
    ended=$((ended + 1))
  elif [ -e F.resume ]; then
    rows=$(awk '/%/ { last = $1 } END { print last + 0 }' out)
    # After the last epoch F is written, not F.resume.
    if [ "$rows" -eq "$epochs" ]; then rows=$((rows - 1)); fi
    done=$(grep -a -o '"epochs_done":"[0-9]*"' F.resume | tr -dc 0-9)
    [ "${done:-none}" != none ] || fail "F.resume has no epochs"
    [ "$done" -ge "$rows" ] ||
      fail "epoch $rows was printed, F.resume has $done"
    [ "$done" -ge "$last_done" ] ||
      fail "F.resume went back from epoch $last_done to $done"
    last_done=$done
  else
    none=$((none + 1))
  fi
}

killed=0 writing=0 ended=0 none=0 runs=0 last_done=0
for ((n = 1; killed < kills; n++)); do
  # The moments are spread over the training by the golden ratio.
  moment=$(awk "BEGIN { x = $n * 0.6180339887; print int((x - int(x)) * $lasts) }")
  part=(--save F "${small[@]}" "$epochs")
  if [ -e F.resume ]; then part=(--resume F); fi
  if kill_after "$moment" "${part[@]}"; then
    killed=$((killed + 1))
    look
  fi
  if [ -e F ] && [ ! -e F.resume ]; then
    cmp -s F whole || fail "the resumed training ended in other bytes"
    runs=$((runs + 1)) last_done=0
    rm F
  fi
done
if [ -e F.resume ]; then
  run --resume F || fail "the training was not resumed"
  runs=$((runs + 1))
else
  start || fail "the training did not start again"
fi
cmp -s F whole || fail "the resumed training ended in other bytes"
[ "$(ls)" = $'F\nerr\nout\nwhole' ] || fail "something was left"
rm F
echo "ok: $killed kills in $runs trainings of $epochs epochs ended in the\
 same bytes; $none came before the first checkpoint, $writing while a file\
 was written, $ended when F was there"

# Ctrl-C ends a training after a step, and a line says how to go on.
status=0
: > out  # else the earlier training's rows would be counted below
"$train" train --save F "${small[@]}" 2000 > out 2> err &
process=$!
for ((n = 0; n < 1000; n++)); do
  if [ "$(grep -c % out)" -ge 3 ]; then break; fi
  sleep 0.02
done
kill -INT $process
wait $process || status=$?
[ $status -eq 130 ] || fail "Ctrl-C: status $status, expected 130"
grep -q "interrupted after epoch [0-9]* of 2000: './tutorial train --resume F'" \
  err || fail "Ctrl-C: not a word on how to go on"
if [ ! -e F.resume ] || [ -e F ]; then
  fail "Ctrl-C: expected F.resume and no F"
fi
echo "ok: Ctrl-C keeps the run"
