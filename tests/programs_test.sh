#!/usr/bin/env bash
# Tests from outside what the chapters' programs promise on the command line:
#   programs_test.sh FOLDER-OF-PROGRAMS [NN-name | more]
# NN-name: only that program, and only what every program promises. more: only
# what single programs promise.
set -u
unset CDPATH
programs=$(cd "$1" && pwd)
part=${2:-}  # of the tests
source_folder=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
  echo "FAILED: $1"
  if [ -s out ]; then sed 's/^/  out: /' out | tail -n 5; fi
  if [ -s err ]; then sed 's/^/  err: /' err | tail -n 5; fi
  failures=$((failures + 1))
}

# expect STATUS PATTERN WHAT PROGRAM OPTION...: the program must print nothing,
# and end with STATUS after one line on standard error that matches PATTERN.
expect() {
  local wanted=$1 pattern=$2 what=$3 status=0
  shift 3
  "$@" > out 2> err || status=$?
  if [ $status -ne "$wanted" ]; then
    fail "$what: status $status, expected $wanted"
  elif [ "$(wc -l < err)" -ne 1 ] || ! grep -q -e "$pattern" err; then
    fail "$what: expected one line on standard error with '$pattern'"
  elif [ -s out ]; then
    fail "$what: printed something although it did nothing"
  fi
}

# Compares two folders, without the figures that depend on the clock.
same_folder() {
  diff -r -x '*-over-seconds.svg' -x '*-measured.svg' "$1" "$2" > /dev/null
}

# However little memory there is, a program does its work or says in one line
# that there is too little, and leaves no file half-written. (With less than
# some size the system cannot even load it, and the status is 127.)
little_memory() {  # PROGRAM NAME
  local size status
  for size in 9000 12000 16000 20000 40000 70000 100000; do
    (ulimit -v $size && exec "$1" --quick --figures little) > out 2> err
    status=$?
    case $status in
      0) break ;;
      127) ;;
      1)
        # What takes more than a second says so in a line of its own.
        if [ "$(grep -vcE '^[a-z ]+: [0-9]+ % after [0-9]+ s' err)" -ne 1 ] ||
          ! grep -q -e "memory" err; then
          fail "$2 with $size KB of memory: expected one line that says so"
        fi ;;
      *) fail "$2 with $size KB of memory: status $status" ;;
    esac
  done
  if find little \( -empty -o -name '*.part' \) -type f 2> /dev/null |
    grep -q .; then
    fail "$2 with little memory left something half-written"
  fi
}

# The help in `out` must say what the program is for in whole sentences, from a
# capital letter to a full stop.
whole_sentences() {  # WHAT
  awk 'NR > 2 && /^ *$/ { exit } NR > 2' out | tr '\n' ' ' |
    grep -q -e '^[A-Z].*[.] $' ||
    fail "$1 says what it is for in no whole sentence"
}

full_disk() {  # PROGRAM NAME OPTION...
  local program=$1 name=$2 status
  shift 2
  "$program" "$@" > /dev/full 2> err
  status=$?
  if [ $status -ne 1 ] || ! grep -q "output could not be written" err; then
    fail "$name $* on a full disk: status $status"
  fi
}

figures=$source_folder/figures
if [ "$part" != more ]; then figures=$figures/$part; fi
before=$(ls -R "$figures" 2> /dev/null)
touch a-file
tried=0
for program in "$programs"/*/[0-9][0-9]-*; do
  if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
  name=$(basename "$program")
  case $part in
    "" | "$name") tried=$((tried + 1)) ;;
    *) continue ;;
  esac

  if ! "$program" --help > out 2> err || [ -s err ]; then
    fail "$name --help: expected status 0 and silence on standard error"
  fi
  for option in --figures --seed --report --help; do
    grep -q -e "$option" out || fail "$name --help says nothing of $option"
  done
  if grep -q -e --quick out; then fail "$name --help shows --quick"; fi
  if awk 'length > 80 { exit 1 }' out; then :; else
    fail "$name --help has lines of more than 80 characters"
  fi
  whole_sentences "$name --help"

  # The help ends with the names of the program's verbs, if it has any.
  verbs=$(tr '\n' ' ' < out | sed -n 's/.* of its own: \(.*\)\. *$/\1/p')
  verbs=${verbs//,/}
  for verb in $verbs; do
    if ! "$program" "$verb" --help > out 2> err ||
      ! head -n 1 out | grep -q -e "^usage: .* $verb "; then
      fail "$name $verb --help: expected status 0 and the verb's usage"
    fi
    whole_sentences "$name $verb --help"
  done
  if [ "$name" = 16-saving ]; then
    case " $verbs " in
      *" train"*) ;;
      *) fail "16-saving --help names no verb" ;;
    esac
  fi

  expect 2 "--no-such-option" "$name with an unknown option" \
    "$program" --no-such-option
  expect 2 "--seed" "$name with a bad number" "$program" --seed twelve
  expect 2 "--seed" "$name without a value" "$program" --seed
  expect 2 "surplus" "$name with a surplus word" "$program" surplus
  expect 2 "a-file" "$name with a file above the figures" \
    "$program" --figures a-file/figures
  expect 2 "a-file" "$name with a file above the report" \
    "$program" --report a-file/report.txt
  if "$program" --help | grep -q -e --data; then
    expect 2 "no-such-folder" "$name with a missing data folder" \
      "$program" --data no-such-folder
    mkdir -p empty
    "$program" --data empty > out 2> err
    status=$?
    if [ $status -ne 1 ] || ! grep -q -e "empty/train-images-idx3-ubyte" \
      -e "empty: expected" err; then
      fail "$name with an empty data folder: status $status"
    fi
  fi

  if [ -e /dev/full ]; then full_disk "$program" "$name" --help; fi
  if (ulimit -v 20000) 2> /dev/null; then little_memory "$program" "$name"; fi

  for run in one two; do
    "$program" --quick --figures "figures-$run" --report "report-$run" \
      > "out-$run" 2> err || fail "$name --quick ($run run): status $?"
  done
  cmp -s out-one <(sed 's/figures-two/figures-one/' out-two) ||
    fail "$name prints something else the second time"
  cmp -s report-one report-two || fail "$name reports something else"
  same_folder figures-one figures-two || fail "$name draws something else"
  drawn=$(sed -n 's/^figures = //p' report-one)
  [ "$drawn" = "$(find figures-one -type f | wc -l | tr -d ' ')" ] ||
    fail "$name: the report counts $drawn figures, the folder holds others"
  if awk 'length > 76 { exit 1 }' out-one; then :; else
    fail "$name prints lines of more than 76 characters"
  fi
  if grep -q $'\033' out-one; then fail "$name colours a pipe"; fi
  if "$program" --help | grep -q -e --full; then
    for run in one two; do
      "$program" --full --quick --figures "figures-$run" > "out-$run" 2> err ||
        fail "$name --full --quick ($run run): status $?"
    done
    cmp -s out-one <(sed 's/figures-two/figures-one/' out-two) ||
      fail "$name --full prints something else the second time"
    same_folder figures-one figures-two ||
      fail "$name --full draws something else the second time"
    if awk 'length > 76 { exit 1 }' out-one; then :; else
      fail "$name --full prints lines of more than 76 characters"
    fi
  fi
  rm -rf figures-* report-* out-*
  echo "tried $name"
done

the_end() {
  if [ "$before" != "$(ls -R "$figures" 2> /dev/null)" ]; then
    fail "something was written into $figures"
  fi
  echo "$failures failed"
  [ $failures -eq 0 ]
  exit
}
case $part in
  "") ;;
  more) echo "what one program alone promises" ;;
  *)
    if [ $tried = 0 ]; then fail "there is no program $part"; fi
    the_end ;;
esac

# The small cases that a reader can choose: small_case NAME TEXT OPTION...
small_case() {
  local program=$programs/$1/$1 text=$2
  if [ ! -x "$program" ]; then return; fi
  shift 2
  if ! "$program" --quick --figures small "$@" > out 2> err ||
    ! grep -qF -e "$text" out; then
    fail "$(basename "$program") $*: expected '$text'"
  fi
}
small_case 01-tensor "99 = 1 x 60 + 1 x 20 + 3 x 5 + 4 x 1" --place 99
small_case 02-convolution "row 0, column 4: expected -16, got -16" \
  --row 0 --column 4

# A picture of the reader's own, and files that are not pictures.
second=$programs/02-convolution/02-convolution
if [ -x "$second" ]; then
  photograph=$source_folder/chapters/17-handwriting/photographs/bret_08.jpg
  cp "$photograph" shop.jpg
  if ! "$second" --picture shop.jpg --figures own --report own.txt \
    > out 2> err || ! grep -q "^1\. The kernels on your own picture" out ||
    grep -q "^2\." out || [ "$(ls own)" != own-shop.png ] ||
    [ "$(sed 1d own.txt)" != "figures = 1" ]; then
    fail "02-convolution --picture: expected one sheet and its step"
  fi
  if awk 'length > 76 { exit 1 }' out; then :; else
    fail "02-convolution --picture prints lines of more than 76 characters"
  fi
  expect 1 "no-such.png" "02-convolution without its picture" \
    "$second" --picture no-such.png --figures own
  expect 1 "$work: " "02-convolution with a folder for a picture" \
    "$second" --picture "$work" --figures own
  echo "no picture" > words.png
  expect 1 "words.png: expected a JPEG" "02-convolution with words" \
    "$second" --picture words.png --figures own
  head -c 20000 shop.jpg > half.jpg
  expect 1 "half.jpg: expected a whole JPEG" "02-convolution with a half" \
    "$second" --picture half.jpg --figures own
  # One that claims 60,000 x 60,000 pixels, and one of 2 x 2 in one colour.
  printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\352\140\0\0\352\140\010\2\0\0\0' \
    > huge.png
  expect 1 "huge.png: expected" "02-convolution with a huge picture" \
    "$second" --picture huge.png --figures own
  printf 'GIF89a\2\0\2\0\200\0\0\0\0\0\377\377\377,\0\0\0\0\2\0\2\0\0\2\2\204\121\0;' \
    > tiny.gif
  expect 1 "tiny.gif: expected at least 3 x 3 pixels, found 2 x 2" \
    "02-convolution with a tiny picture" \
    "$second" --picture tiny.gif --figures own
  expect 2 "expected --picture without --row" "02-convolution, two tasks" \
    "$second" --picture shop.jpg --row 1
  expect 2 "--picture" "02-convolution, no file" "$second" --picture
fi
small_case 03-pooling "the largest of 6 windows" --stride 1
small_case 04-backprop "w x by w: x           -4 * 2            -8  -8.000000" \
  --w 1 --x 2 --b 1 --t 5
small_case 05-softmax "after    1.295   0.741  -0.035" --truth C

# More threads than the memory holds (where the shell can limit it).
speed=$programs/07-speed/07-speed
if [ -x "$speed" ] && [ "$(uname)" = Linux ]; then
  (ulimit -v 600000 && exec "$speed" --threads 256 --bench train \
    --seconds 0.1 > out 2> err)
  status=$?
  if [ $status -ne 1 ] || [ "$(wc -l < err)" -ne 1 ] ||
    ! grep -q "expected 256 threads, but the system gave" err; then
    fail "07-speed with more threads than memory: status $status"
  fi
fi

# Options that would do nothing, or would record what is not the book's.
if [ -x "$speed" ]; then
  expect 2 "expected --network with --bench" "07-speed --network" \
    "$speed" --quick --network B
  expect 2 "expected --seconds with --bench" "07-speed --seconds" \
    "$speed" --quick --seconds 1
  expect 2 "expected --bench without --record" "07-speed, two tasks" \
    "$speed" --bench infer --seconds 0.1 --record
  expect 2 "expected --bench without --seed" "07-speed, a seed in vain" \
    "$speed" --bench infer --seconds 0.1 --seed 2
  expect 2 "expected --bench without --figures" "07-speed, no figures" \
    "$speed" --bench infer --seconds 0.1 --figures f
  expect 2 "expected --record without --quick" "07-speed, a quick record" \
    "$speed" --quick --record
fi
handwriting=$programs/17-handwriting/17-handwriting
if [ -x "$handwriting" ]; then
  mkdir -p photos
  expect 2 "expected --photos without --full" "17-handwriting, two tasks" \
    "$handwriting" --photos photos --full
  expect 2 "expected --photos without --data" "17-handwriting, own data" \
    "$handwriting" --photos photos --data photos
  expect 2 "expected --photos without --seed" "17-handwriting, a vain seed" \
    "$handwriting" --photos photos --seed 2
  expect 2 "expected --photos without --figures" "17-handwriting draws none" \
    "$handwriting" --photos photos --figures f
  expect 2 "expected --strangers without --full" "17-handwriting, no step 6" \
    "$handwriting" --strangers photos --full
fi

first=$programs/01-tensor/01-tensor
if [ -x "$first" ] && [ -e /dev/full ]; then
  full_disk "$first" 01-tensor --figures full
fi

softmax=$programs/05-softmax/05-softmax
if [ -x "$softmax" ]; then
  "$softmax" --quick --epochs 1 --batch 1000 --figures whole > out 2> err
  grep -q "A step takes 300 digits," out ||
    fail "05-softmax: a step takes more digits than there are"
  rm -rf whole
fi

training=$programs/06-training/06-training
if [ -x "$training" ]; then
  "$training" --quick --learning-rate 1e30 --figures nan > out 2> err
  status=$?
  if [ $status -ne 1 ] || ! grep -q "the loss is not a finite number" err ||
    [ "$(wc -l < err)" -ne 1 ]; then
    fail "06-training with a huge learning rate: status $status"
  fi

  "$training" --quick --epochs 1 --batch 1000 --figures whole > out 2> err
  grep -q "batches of 40," out ||
    fail "06-training: a batch has more digits than there are"
  rm -rf whole

  # With one step only, no later loss shows that it was too long.
  "$training" --quick --learning-rate 1e30 --figures nan --report nan.txt \
    --epochs 1 --batch 40 --schedule constant > out 2> err
  status=$?
  if [ $status -ne 1 ] || [ -e nan.txt ] || [ "$(wc -l < err)" -ne 1 ] ||
    ! grep -q "finite.* at step 1 .*rate 1e+30); a smaller" err; then
    fail "06-training whose only step is far too long: status $status"
  fi

  # Ctrl-C in mid-epoch, as soon as the table of epochs has begun. A shell's
  # background programs ignore Ctrl-C, so SIGTERM stands in for it.
  "$training" --epochs 1000 --train 300 --figures stopped --report report \
    > out 2> err &
  child=$!
  for _ in $(seq 600); do
    grep -q "epoch" out && break
    sleep 0.1
  done
  kill -TERM $child
  wait $child
  status=$?
  [ $status -eq 130 ] || fail "06-training when stopped: status $status"
  grep -q "stopping after the step at hand, and what has come out" err ||
    fail "stopped, it did not say what is kept"
  for figure in loss.svg confusion.svg filters.png mistakes.png; do
    [ -s "stopped/$figure" ] || fail "stopped, it did not draw $figure"
  done
  if find stopped -name '*.part*' | grep -q .; then
    fail "stopped, it left something half-written"
  fi
  tail -c 8 stopped/filters.png | grep -q "IEND" ||
    fail "stopped, it left a PNG without an end"
fi

# A report in place of a file that the page fetches.
browser=$programs/18-browser/18-browser
if [ -x "$browser" ]; then
  expect 2 "--page expects a file of its own, got 'page/train.bin'" \
    "18-browser --page" "$browser" --page page --report page/train.bin
fi

# Options that do not go together.
colour=$programs/15-colour/15-colour
if [ -x "$colour" ]; then
  refused() {  # PATTERN OPTION...
    local pattern=$1
    shift
    expect 2 "$pattern" "15-colour $*" "$colour" "$@"
  }
  refused "expected --minutes or --full" --minutes 1 --full
  refused "expected --minutes without --size" --minutes 1 --size 32
  refused "expected --record with --data and CIFAR" --minutes 1 --record
  refused "expected --record with --minutes" --record
  refused "expected --transfer with --data or" --transfer
  refused "expected --transfer without --full" --transfer --minutes 1
  refused "expected --bench with --minutes" --bench
  refused "without --record and --transfer" --bench --minutes 1 --transfer
  refused "expected --bench without --full" --bench --minutes 1 --full
  refused "expected --bench without --size" --bench --minutes 1 --size 32
  refused "expected --bench without --data" --bench --minutes 1 --data .
  refused "expected --isa with --bench" --isa portable
  refused "expected --threads with --bench" --minutes 1 --threads 1
  if ! "$colour" --bench --minutes 1 --threads 1 --quick > out 2> err ||
    ! grep -q '"network": "W(16, 64, 64)", "mode": "train", "threads": 1' out
  then
    fail "15-colour --bench: expected a line of JSON"
  fi
fi

browser=$programs/18-browser/18-browser
if [ -x "$browser" ]; then
  expect 2 "--steps 1501: expected at most 1500" "18-browser, too many steps" \
    "$browser" --steps 1501
  expect 2 "--network: layer 1, 'conv 8'" "18-browser, half a layer" \
    "$browser" --network "conv 8" --steps 1
  expect 2 "--full: expected no option" "18-browser, a full step" \
    "$browser" --full --steps 1
  # The command that the page gives: no tour, and the same bits everywhere.
  if ! "$browser" --steps 1 > out 2> err ||
    ! grep -q "10.50 %  8acb1f7f187ba5fd$" out || grep -q "^1\." out; then
    fail "18-browser --steps 1: expected one step and its checksum"
  fi
  if ! "$browser" --page digits > out 2> err ||
    [ "$(wc -c < digits/held-out.bin)" -ne 1570000 ] ||
    [ "$(wc -c < digits/train.bin)" -ne 6280000 ]; then
    fail "18-browser --page: expected the digits in two files"
  fi
  expect 2 "expected FOLDER" "18-browser --page alone" "$browser" --page
  expect 2 "a-file" "18-browser --page below a file" \
    "$browser" --page a-file/digits
fi

# Each option in a command that the book gives must be one of the program's.
(cd "$source_folder" && grep -ohE \
  '\./tutorial (run [0-9]+ (-- )?--|(train|measure|export|read|teach|inside) )[^`|]+' \
  README.md book/*.md chapters/*/solutions/*.md chapters/*/weights/*.md) |
  sort -u > commands
while read -r _ verb rest; do
  case $verb in
    run)
      name=${rest%% *} rest=${rest#* }
      rest=${rest#-- }
      if [ ${#name} -eq 1 ]; then name=0$name; fi ;;
    train | measure | export) name=16 rest="$verb $rest" ;;
    read | teach) name=17 rest="$verb $rest" ;;
    *) name=18 rest="$verb $rest" ;;
  esac
  for program in "$programs/$name"-*/"$name"-*; do
    if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
    "$program" "${rest%% *}" --help > out 2> err < /dev/null
    for word in $rest; do
      case $word in --[a-z]*) ;; *) continue ;; esac
      # In the help, an option has its own line, and the usage names a verb.
      grep -qE -e "^  ${word%%=*}( |\$)" -e "^usage: .* $word " out ||
        fail "the book's ./tutorial $verb ... $rest: there is no $word"
    done
  done
done < commands
if [ "$(wc -l < commands)" -lt 50 ]; then
  fail "the book's commands: found only $(wc -l < commands)"
fi

the_end
