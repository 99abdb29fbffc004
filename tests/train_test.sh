#!/usr/bin/env bash
# Tests what `train` refuses, and that it then neither trains nor leaves a file:
# train_test.sh FOLDER-OF-PROGRAMS
# Prints one line per failure, ends with status 1 if there is one.
set -u
unset CDPATH
train=$(cd "$1" && pwd)/16-saving/16-saving
data=$(cd "$(dirname "$0")/../common/data" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/files"
cd "$work/files" || exit 1
failures=0
small=(--network "flatten, dense 10" --batch 8000 --epochs 3)

fail() {
  echo "FAILED: $1"
  sed 's/^/  err: /' "$work/err"
  failures=$((failures + 1))
}

# refused STATUS PATTERN OPTION...: train must print nothing on standard output
# and one line that matches on standard error, and leave the folder as it was.
refused() {
  local wanted=$1 pattern=$2 before status=0
  shift 2
  before=$(cksum ./* 2> /dev/null)
  "$train" train "$@" > "$work/out" 2> "$work/err" || status=$?
  if [ $status -ne "$wanted" ]; then fail "$*: status $status"; fi
  if [ -s "$work/out" ] || [ "$(wc -l < "$work/err")" -ne 1 ] ||
    ! grep -q -e "^tutorial train: $pattern" "$work/err"; then
    fail "$*: expected one line: $pattern"
  fi
  if [ "$(cksum ./* 2> /dev/null)" != "$before" ]; then
    fail "$*: changed a file"
  fi
}

# ---- A new run -----------------------------------------------------------

refused 2 "expected --save FILE or --resume FILE"
refused 2 "--save 'none/F': there is no folder 'none'" --save none/F
refused 2 "--save expects a file, got '.', which is a folder" --save .
refused 2 "--save expects a file, got '/dev/null', which is" --save /dev/null
refused 2 "--save expects a name that does not end in .resume" \
  --save F.resume
long=$(printf 'x%.0s' {1..250})
refused 2 "--save expects a file, got '$long.resume', which is too long" \
  --save "$long"
for report in F ./F "$PWD/F"; do
  refused 2 "--report expects a file of its own, got '$report', which --save" \
    --save F --report "$report"
done
refused 2 "--save expects a file of its own, got 'F.resume', which --report" \
  --save F --report F.resume
for report in F F.resume; do
  refused 2 "--resume expects a file of its own, got '$report', which --rep" \
    --resume F --report $report
done
refused 2 "--data expects a path in UTF-8.*, got './caf?'" --save F \
  --data $'./caf\xe9'
refused 2 "--epochs: expected at most 268435 with 8000 pictures, got 300000" \
  --save F --epochs 300000
refused 2 "unexpected argument 'F'" F
for layers in "conv 8" "conv 8 50" "flatten, dense 9" "relu, flatten" \
  "flatten, dense 65536, dense 65536" "conv 65536 65536 pad 65536" "dense 10" \
  "flatten, dropout 1, dense 10" "conv 6 5, groupnorm 4, flatten, dense 10" \
  "batchnorm 8, flatten, dense 10" "batchnorm, flatten"
do
  refused 2 "--network: " --save F --network "$layers"
done
refused 2 "--data expects embedded (the digits" --save F --data digits
refused 1 "./none: expected a folder" --save F --data ./none
refused 2 "--epochs expects a whole number from 1" --save F --epochs 0
refused 2 "--isa expects auto, portable.*, got 'sse9'" --save F --isa sse9
refused 2 "--momentum expects a number from 0 to 0.999" --save F --momentum 1
refused 2 "--momentum: adam has none" --save F --optimizer adam --momentum 0.5
refused 2 "--momentum: rmsprop has none" --save F --optimizer rmsprop \
  --momentum 0
refused 2 "--optimizer expects" --save F --optimizer adagrad
refused 2 "--start expects" --save F --start zeros
refused 2 "--schedule expects" --save F --schedule linear
refused 2 "--augment expects none, shift or all" --save F --augment mirror
refused 2 "--decay expects a number from 0" --save F --decay -1
refused 2 "--smoothing expects a number from 0 to 0.99" --save F --smoothing 1

# A file that it would learn from.
mkdir pictures
echo digits > pictures/train-images-idx3-ubyte
data_file=pictures/train-images-idx3-ubyte
refused 2 "--save expects a file of its own, got '$data_file', which lies in" \
  --data ./pictures --save $data_file --overwrite
[ "$(cat $data_file)" = digits ] || fail "--save replaced what it reads"
rm -r pictures

# A disk with no room for the file.
no_room() { (trap '' XFSZ; ulimit -f 8; "$train" train "$@"); }
no_room --save F "${small[@]}" > "$work/out" 2> "$work/err"
if [ $? -ne 1 ] || [ -s "$work/out" ] ||
  ! grep -q "cannot write F.resume" "$work/err"; then
  fail "no room: expected one line before the training"
fi

# A step so long that the numbers become infinite.
"$train" train --save F --learning-rate 1e30 > "$work/out" 2> "$work/err"
if [ $? -ne 1 ] || ! grep -q "train: .* finite .* at step" "$work/err"; then
  fail "not finite: expected one line"
fi
if [ -n "$(ls)" ]; then fail "files were left: $(ls)"; fi

# ---- A run that was stopped ------------------------------------------------

# A folder with the same pictures, and one with other pictures.
for folder in same other; do
  mkdir "$work/$folder"
  for half in train t10k; do
    cp "$data/digits-images-idx3-ubyte" "$work/$folder/$half-images-idx3-ubyte"
    cp "$data/digits-labels-idx1-ubyte" "$work/$folder/$half-labels-idx1-ubyte"
  done
done
printf '\1' | dd of="$work/other/train-images-idx3-ubyte" bs=1 seek=5000 \
  conv=notrunc 2> /dev/null

small=(--network "flatten, dense 10" --batch 10000 --epochs)
"$train" train --save whole --data ../same "${small[@]}" 60 > "$work/out" \
  2> "$work/err" || fail "a folder's pictures are learned"
"$train" train --save F --data ../same "${small[@]}" 60 > "$work/out" 2>&1 &
process=$!
for ((i = 0; i < 1000; i++)); do
  if [ -e F.resume ]; then break; fi
  sleep 0.01
done
kill -KILL $process
{ wait $process; } 2> /dev/null
if [ ! -e F.resume ]; then fail "F.resume is gone"; fi

refused 2 "F.resume is of a run that was stopped: --resume F goes on" --save F
refused 2 "whole is there already: .* --overwrite" --save whole
refused 1 "whole is finished: there is no whole.resume" --resume whole
refused 1 "there is no G.resume to go on with" --resume G
refused 2 "--resume expects the name that --save had" --resume F.resume
refused 2 "--resume takes neither" --resume F --save F
refused 2 "--resume takes neither" --resume F --overwrite
refused 2 "--epochs '4' is not the run's, which has '60'" --resume F --epochs 4
refused 2 "--seed '2' is not the run's" --resume F --seed 2
refused 2 "--momentum '0' is not the run's" --resume F --momentum 0
refused 2 "--optimizer 'muon' is not the run's" --resume F --optimizer muon
refused 2 "--start 'glorot' is not the run's" --resume F --start glorot
refused 2 "--schedule 'stairs' is not the run's" --resume F --schedule stairs
refused 2 "--network 'relu' is not the run's" --resume F --network relu
refused 2 "--augment 'all' is not the run's, which has 'none'" --resume F \
  --augment all
refused 2 "--decay '0.1' is not the run's, which has '0'" --resume F --decay .1
refused 2 "--smoothing '0.1' is not the run's" --resume F --smoothing .1
refused 2 "--isa 'portable' is not the run's, which has 'auto'" --resume F \
  --isa portable
refused 2 "--learning-rate '0.5' is not" --resume F --learning-rate 0.5
refused 1 "F.resume: the run began with other pictures" --resume F \
  --data ../other
refused 1 "F.resume: the run began with other pictures" --resume F \
  --data embedded
head -c 1000 F.resume > G.resume
refused 1 "G.resume: rule " --resume G
sed 's/"engine":"[0-9]*"/"engine":"1"/' F.resume > G.resume
"$train" train --resume G --data ../same --threads 1 > "$work/out" \
  2> "$work/err" || fail "a run of another engine does not go on"
grep -q "version 1 of the engine began this run" "$work/out" ||
  fail "a run of another engine goes on in silence"
rm G

"$train" train --resume F --network " flatten,dense  10" --data "$work/same/" \
  --threads 1 > "$work/out" 2> "$work/err" || fail "F is not resumed"
cmp -s F whole || fail "F ended in other bytes"
"$train" train --save P --isa portable "${small[@]}" 1 > "$work/out" \
  2> "$work/err" || fail "--isa portable does not train"
grep -q '"isa":"portable"' P || fail "P does not say --isa portable"
rm P

# A run with the layers and the remedies of chapters 12 and 13 that is killed
# again and again must end in the same bytes as one that is not.
remedied=(--network "conv 4 5 stride 4, batchnorm, relu, dropout 0.25, flatten,
  layernorm, dense 10" --batch 500 --epochs 20 --augment all --decay 0.001
  --smoothing 0.1)
"$train" train --save R "${remedied[@]}" > "$work/out" 2> "$work/err" ||
  fail "the remedies do not train"
for remedy in '"augment":"all"' '"decay":"0.001"' '"smoothing":"0.1"' \
  '"bn1.running_var"'; do
  grep -q "$remedy" R || fail "R does not say $remedy"
done
"$train" train --save K "${remedied[@]}" > "$work/out" 2>&1 &
process=$!
for ((i = 0; i < 1000; i++)); do
  if [ -e K.resume ] || [ -e K ]; then break; fi
  sleep 0.01
done
for ((kills = 0; kills < 3; kills++)); do
  sleep 0.3
  kill -KILL $process 2> /dev/null
  { wait $process; } 2> /dev/null
  if [ ! -e K.resume ]; then break; fi
  "$train" train --resume K --threads 1 > "$work/out" 2> "$work/err" &
  process=$!
done
{ wait $process; } 2> /dev/null
[ "$kills" -gt 0 ] || fail "K was done before it could be killed"
cmp -s R K || fail "K ended in other bytes than R, after $kills kills"
rm R K

# Each optimizer has a learning rate of its own, and adam has no momentum.
"$train" train --help | tr -s ' \n' ' ' |
  grep -q "rmsprop takes 0.01, adam takes 0.01, adamw takes 0.01, muon takes" ||
  fail "--help says nothing of the optimizers' rates"
for own in "" "--learning-rate 0.002"; do
  # shellcheck disable=SC2086  # words
  "$train" train --save P --optimizer adam $own "${small[@]}" 1 \
    > "$work/out" 2> "$work/err" || fail "adam does not train"
  grep -q "\"learning_rate\":\"0.0${own:+0}[12]\"" P ||
    fail "adam $own has another learning rate"
  if grep -q '"momentum"' P; then fail "adam has a momentum"; fi
  rm P
done
"$train" train --save F --overwrite "${small[@]}" 1 > "$work/out" \
  2> "$work/err" || fail "--overwrite does not start afresh"
if cmp -s F whole; then fail "--overwrite left the old file"; fi
if [ "$(ls)" != $'F\nwhole' ]; then fail "files were left: $(ls)"; fi

if [ $failures -eq 0 ]; then echo "ok: train"; fi
[ $failures -eq 0 ]
