#!/usr/bin/env bash
# Tests of the script `tutorial` without a network and without a build: with a
# copy of it in a folder of its own, scripts in place of programs, and small
# generated files, which file:// and a local server provide as mirrors.
# Prints one line per check, ends with status 1 at the first that fails.
# shellcheck source=tests/tutorial_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tutorial_common.sh"
export CNN_DATA_TABLE=$work/table

# ---- What macOS has: bash 3.2 ----------------------------------------------

# Finds what came with bash 4 and 5, as far as a line shows it, and `case`
# inside $( ), which bash 3.2 cannot parse.
newer_bash() {  # FILE...
  grep -nE -e '(declare|local|typeset) -[a-zA-Z]*[Anlu]|mapfile|readarray' \
    -e 'coproc|globstar|lastpipe|inherit_errexit|BASHPID|EPOCH(SECONDS|REAL)' \
    -e '\$\{!?[A-Za-z_0-9]+(\[.\])?([\^,]|@[A-Za-z]\})|[;&]&>>|\|&|;;?&$' \
    -e '\[-[0-9]|%\([^)]*\)T|wait -n|(\[\[|test) -[vR] |\{0[0-9]+\.\.' \
    -e 'read [^|;]*-(t *[0-9]*\.|[iN])|exec \{|printf -v [a-z_]+\[' \
    -e '\$\{[A-Za-z_0-9@]+:[^}-]*:-[0-9]|&>>|\$\( *case ' "$@"
}
output=$(newer_bash tutorial)
check "the script uses nothing of a newer bash" test -z "$output"
cat > "$work/newer" <<'END'
declare -A seen
mapfile -t lines < file
echo "${name^^}"
echo "${name,,}"
echo "${name@Q}"
make |& tee log
make &>> log
echo "${all[-1]}"
local -n other=$1
wait -n
read -r -t 0.1 key
echo {01..10}
x=$(case $y in a) echo b ;; esac)
END
check "... and it would be noticed" \
  test "$(newer_bash "$work/newer" | wc -l)" -eq "$(wc -l < "$work/newer")"
status=0
output=$(BASH_COMPAT=3.2 bash ./tutorial 2>&1) || status=$?
check "it runs in the mode that a newer bash has for this one" ends_with 0
check "... and says the same" test "$output" = "$(bash ./tutorial)"

# ---- Commands and chapters -----------------------------------------------

run
check "no arguments print the usage" says "usage: ./tutorial COMMAND"
check "... on less than a screen" test "$(wc -l <<< "$output")" -le 22
check "... with examples" says "./tutorial run 2"
check "... which name every command" ends_with 0
short_help=$output
run help
check "help prints all" says "data NAME --from X"
long_help=$output
for command in run test check book site live data train measure export read \
  teach inside doctor release; do
  output=$short_help
  check "the usage names $command" says "$command"
  output=$long_help
  check "... and so does the help, as a command" \
    grep -q "^  $command" <<< "$output"
  run help $command
  check "help $command is its part of it" says "  $command"
  check "... alone" silent_on "CNN_BUILD_DIR=FOLDER"
  check "... word for word" test -z "$(grep -vxF "$long_help" <<< "$output" |
    grep -v -e "^usage: ./tutorial $command " -e '^Its options: ' -e '^$')"
done
for words in --help -h "help --help"; do
  # shellcheck disable=SC2086  # words
  run $words
  check "$words prints all" test "$output" = "$long_help"
done
for words in "run --help" "run help" "test --help" "test 02 --help" \
  "check -h" "check 1 --help" "book --full 1 --help" "site --serve --help" \
  "live 5000 --help" "data mnist --help" "doctor --help" "release --help"; do
  # shellcheck disable=SC2086  # words
  run $words
  check "$words prints the command's help, and does nothing else" \
    says "usage: ./tutorial ${words%% *} "
  check "... with status 0" ends_with 0
done
run --version
check "--version prints a version" says "Pixels to Predictions 1.2.3"
check "... in one line" lines 1
for words in "version x" "--version x" "-V --help" "help run x" \
  "--help run x" "help -h run x"; do
  # shellcheck disable=SC2086  # words
  run $words
  check "$words ends with status 2" ends_with 2
  check "... after one line" lines 1
  check "... that names the last word" says "leave '${words##* }' out"
done
run fly
check "an unknown command ends with status 2" ends_with 2
check "... after one line" lines 1
check "... that names it" says "no command 'fly'"
run run 99
check "an unknown chapter ends with status 2" ends_with 2
check "... after one line" lines 1
check "... that names it" says "no chapter '99'"
check "... and lists those there are" says "01-tensor 02-convolution"
run run 01 99
check "one unknown chapter of two stops before building" ends_with 2
for options in "-- --seed 2" "--seed 2" "01 02 -- --seed 2" "1 2 --seed 2"; do
  # shellcheck disable=SC2086  # words
  run run $options
  check "run $options: options need one chapter" ends_with 2
  check "... as one line says" lines 1
  check "... with an example" says "./tutorial run 6 --epochs 3"
done
run test relese
check "an unknown preset ends with status 2" ends_with 2
check "... after one line" lines 1
check "... with what may have been meant" says "(did you mean release?)"
run test everything
check "... or with all there are" says "developer debug sanitize release 01-ten"
echo "mnist file images sum" > "$CNN_DATA_TABLE"
while read -r words meant; do
  # shellcheck disable=SC2086  # words
  run ${words//_/ }
  check "'$words' is answered with '$meant'" says "(did you mean $meant?)"
  check "... in one line" lines 1
  check "... and status 2" ends_with 2
done << 'END'
rnu run
tset test
chekc check
che check
docter doctor
02 ./tutorial run 2
convolution ./tutorial run 2
--verzion --version
help_rum run
run_convultion convolution
check_tesnor tensor
test_debgu debug
test_convlution convolution
site_--sreve --serve
live_--noopen --no-open
book_--chek --check
check_--rest --reset
data_minst mnist
END
for options in --fast "--serve 99999999" "--serve 8x" "--test 01"; do
  # shellcheck disable=SC2086  # words
  run site $options
  check "site $options ends with status 2" ends_with 2
  check "... after one line" lines 1
done
check "... that names it" says "no option '01'"
check "none of that left anything behind" absent build

# ---- run, with scripts in place of CMake and the programs ----------------

fake_tools

program 01-tensor <<'END'
echo "one: $1 $2 in $PWD" >&2
if [ "$1" = --fail ]; then exit 3; fi
printf 'elements = 784\nother = 1\nfigures = 3\n' > "${!#}"
END
program 02-convolution <<'END'
echo "two"
printf 'difference = 0\nfigures = 5\n' > "${!#}"
END

run run
check "all chapters run" ends_with 0
output=$(tr -s ' ' <<< "$output" | sed 's/^\([0-9a-z-]*\) [0-9]* /\1 S /')
check "... each has its line in the table" says "01-tensor S 3 elements = 784"
check "... in order" says $'= 784\n02-convolution S 5 difference = 0'
check "... and its report" test -f build/reports/01-tensor.txt
check "... and after it what comes next" says "Next: ./tutorial check"
rm "$work/cmake_calls"
run run 02-convolution
check "a chapter runs alone" silent_on "one:"
check "... by name" says "two"
check "... and only its target is built" \
  grep -q -e "--target 02-convolution" "$work/cmake_calls"
check "... no other" test "$(grep -c -e "--target" "$work/cmake_calls")" = 1
for word in 2 02 conv convolution convolutions CONV chapters/02-convolution/ \
  book/02-convolution.md 02-conv; do
  run run "$word"
  check "$word is understood" says "two"
  check "... and the other is not run" silent_on "one:"
done
check "... by check as well" silent_on "no chapter"
mkdir chapters/09-tents
touch chapters/09-tents/main.cpp
run run ten
check "what begins two chapters ends with status 2" ends_with 2
check "... after one line" lines 1
check "... that names both" says "01-tensor 09-tents"
rm -r chapters/09-tents
mkdir -p book tests/exercises/01-tensor
touch book/01-tensor.md
for number in 1 2; do
  echo "// Exercise $number." > tests/exercises/01-tensor/$number.cpp
done
run run 1
check "a run ends with the page" says "Next: read book/01-tensor.md."
check "... its exercises" says "solve its 2 exercises; ./tutorial check 1 says"
check "... and the next chapter" says "Next: ./tutorial run 2"
rm -r book tests
run run 2
check "... which the last one has not" silent_on "Next: ./tutorial run"
run run 01 --seed "a b"
check "options need no --" says "one: --seed a b in "
program 02-convolution <<'END'
echo "usage: 02-convolution $1"
END
run run 2 --help
check "run CHAPTER --help is the program's" says "usage: 02-convolution --help"
check "... and no run, so nothing comes next" silent_on "Next:"
program 02-convolution <<'END'
echo "02-convolution: unknown option" >&2
exit 2
END
run run 2 --epoch 1
check "what a program says of its options" ends_with 2
check "... is not said twice" silent_on "ended with"
program 02-convolution <<'END'
while true; do echo "two"; done
END
output=$(bash ./tutorial run 2 2> "$work/said" < /dev/null | head -n 5
  echo "${PIPESTATUS[@]}")
check "a reader that has seen enough is no error" says $'two\n0 0'
check "... and nothing is said of it" test ! -s "$work/said"
program 02-convolution <<'END'
echo "two"
printf 'difference = 0\nfigures = 5\n' > "${!#}"
END
(cd "$work/bin" && bash ../house/tutorial run 01 -- --seed "a b" \
  > "$work/output" 2>&1)
output=$(cat "$work/output")
check "words after -- come first, where one stands: one may be a verb" \
  says "one: --seed a b in $(cd "$work/bin" && pwd)"
run run 01 -- --fail
check "a program's status is the script's" ends_with 3
check "... which names it" says "01-tensor ended with status 3"
touch "$work/broken"
run run 01
check "a failed build ends with status 1" ends_with 1
check "... and shows the log" says "the compiler's words"
rm "$work/broken"

# On a terminal, a builder's count is shown and erased again.
if python3 -c 'import pty' 2> /dev/null; then
  cp "$work/bin/cmake" "$work/cmake"
  printf '#!/bin/sh\necho "[1/2] one"\necho words\necho "[2/2] two"\n' \
    > "$work/bin/cmake"
  on_terminal() {
    output=$(python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' \
      bash ./tutorial "$@" < /dev/null | tr -d '\r')
  }
  TERM=xterm on_terminal run 2
  five=$'\b \b\b \b\b \b\b \b\b \b'
  check "a terminal shows [n/m]" says "convolution ... [1/2]${five}[2/2]${five}"
  check "... and the log has all" grep -qx words build/log.txt
  TERM=dumb on_terminal run 2
  check "... but one that cannot step back" silent_on "[1/2]"
  run run 2
  check "... and a pipe" silent_on "[1/2]"
  mv "$work/cmake" "$work/bin/cmake"
else
  echo "skipped: a terminal, as python3 is missing"
fi

# ---- test, with a script in place of ctest --------------------------------

cat > "$work/bin/ctest" <<END
#!/bin/sh
printf '%s\\n' "\$@" > "$work/ctest_call"
END
chmod +x "$work/bin/ctest"
calls_ctest_with() { grep -qxF -e "$1" "$work/ctest_call"; }
built() { tail -n 1 "$work/cmake_calls" | grep -qF -e "--target $1 --parallel"; }
mkdir -p tests/exercises/02-convolution
echo "// Exercise 1." > tests/exercises/02-convolution/blur.cpp

run test
check "tests run" ends_with 0
check "... of all that is built" built all
check "... with warnings as errors" calls_ctest_with "$PWD/build/developer"
check "... whatever their chapter" test \
  "$(grep -c label "$work/ctest_call")" = 0
run test debug 02
check "a chapter's tests run with a preset" calls_ctest_with \
  "$PWD/build/debug"
check "... those with its label" calls_ctest_with '(^|-)(02)(-|$)'
check "... after what they need is built" built \
  "unit-tests book 02-convolution solutions-02-convolution\
 mistakes-02-convolution"
run test sanitize 02-convolution
check "the sanitizers build no program and no mistakes" built \
  "unit-tests book solutions-02-convolution"
run test sanitize
check "... for all chapters either" built \
  "unit-tests book solutions-02-convolution"
run test 01 02 -- -R "a word" --verbose
check "two chapters' tests run" calls_ctest_with '(^|-)(01|02)(-|$)'
check "... with options for ctest" calls_ctest_with "a word"
check "... all of them" calls_ctest_with --verbose
run test tensor conv debug -R "a word"
check "tests need no --, and presets no place" calls_ctest_with "a word"
check "... nor chapters a number" calls_ctest_with '(^|-)(01|02)(-|$)'
check "... in this preset" calls_ctest_with "$PWD/build/debug"
check "... and say what comes next" says "Next: ./tutorial check 1"
printf '#!/bin/sh\nexit 8\n' > "$work/bin/ctest"
run test debug 02
check "tests that fail end with ctest's status" ends_with 8
check "... and with how to run them again" \
  says "./tutorial test debug 02-convolution --rerun-failed"
cat > "$work/bin/ctest" <<END
#!/bin/sh
printf '%s\\n' "\$@" > "$work/ctest_call"
END
run test -- -N
check "such options need no chapter" calls_ctest_with -N
CNN_PRESET=release run test 01
check "CNN_PRESET is the usual preset" calls_ctest_with "$PWD/build/release"
CNN_PRESET=relaese run run 01
check "a CNN_PRESET that is none ends with status 2" ends_with 2
check "... and says which there are" says \
  "CNN_PRESET is 'relaese'; there are: developer debug sanitize release"
for words in "developer 07" "07" "debug 02 sanitize"; do
  # shellcheck disable=SC2086  # words
  run test $words
  check "test $words ends with status 2" ends_with 2
  check "... after one line" lines 1
done
rm -r tests "$work/cmake_calls"

# ---- book, with a script in place of the tool ----------------------------

mkdir -p build/release/tests/book
cat > build/release/tests/book/book <<'END'
#!/bin/sh
echo "tool $*"
END
chmod +x build/release/tests/book/book
run book 02
check "a chapter is recorded" ends_with 0
check "... what it printed" grep -qx two book/output/02-convolution.txt
check "... what it reported" \
  grep -q "figures = 5" book/output/02-convolution.report
check "... then the pages are filled" says "tool fill ."
check "... and checked" says "tool check ."
check "... no other chapter is run" absent book/output/01-tensor.txt
check "... and no time taken" absent book/output/02-convolution.timing
run book --timings 02
check "--timings takes the time" \
  grep -q "^seconds = [0-9]" book/output/02-convolution.timing
program 02-convolution <<'END'
echo "half of"
exit 3
END
run book
check "a program that fails ends with its status" ends_with 3
check "... and leaves the record" grep -qx two book/output/02-convolution.txt
check "... and the pages" silent_on "tool fill"
run book --fill
check "--fill runs no program" ends_with 0
check "... but fills" says "tool fill ."
program 02-convolution <<'END'
echo "long: $*"
END
run book --full 02
check "--full records the long study" \
  grep -qx "long: --full" book/output/02-convolution.full.txt
check "... and leaves the record of the default run" \
  grep -qx two book/output/02-convolution.txt
check "... then the pages are filled" says "tool fill ."
run book --full
check "--full expects chapters" ends_with 2
check "... after one line" lines 1
run book --full --timings 02
check "--full takes no time" ends_with 2
check "... after one line" lines 1
check "... and runs nothing" silent_on "02-convolution"
run book --check
check "--check does not fill" silent_on "tool fill"
run book --chek
check "an unknown option ends with status 2" ends_with 2
check "... after one line" lines 1
run book 02 99
check "an unknown chapter of two stops before running" ends_with 2
run book --fill 02
check "--fill takes no chapter" ends_with 2
check "... after one line" lines 1
run book --check --timings
check "--check takes no time" ends_with 2
program 02-convolution <<'END'
trap 'exit 130' INT
echo "half of"
touch "$2"
while true; do sleep 0.1; done
END
rm -f build/records/*
start_script book 02
check "a recording is under way" \
  wait_for test -f build/records/02-convolution.report
interrupt_script
check "Ctrl-C ends it with status 130" ends_with 130
check "... and leaves the record" grep -qx two book/output/02-convolution.txt
check "... and the pages" silent_on "tool fill"
rm -rf book
program 02-convolution <<'END'
echo "two"
END

# A program that ends by itself after Ctrl-C, as chapter 06 does.
program 01-tensor <<'END'
trap 'echo drawn; exit 130' INT
touch "$2"
while true; do sleep 0.1; done
END
start_script run
check "a program is under way" wait_for test -f build/reports/01-tensor.txt
interrupt_script
check "Ctrl-C ends the run with status 130" ends_with 130
check "... after the program has ended" says "drawn"
check "... and before the next one" silent_on "two"
check "... and says so, and what is kept" \
  says "tutorial: interrupted; what was built and drawn is kept"

rm -rf build
PATH=$usual_path
unset CXX

# ---- site, its server ----------------------------------------------------

# Asks for a page again and again, while the site is missing, half there, and
# back: the server must survive it all.
if node -e 'process.exit(+(parseInt(process.versions.node) < 18))' 2> /dev/null
then
  mkdir "$work/dist"
  node "$source_folder/book/.vitepress/serve.mjs" "$work/dist" 0 \
    > "$work/served" 2>&1 &
  server=$!
  check "the site's server starts" wait_for grep -q http "$work/served"
  address=$(sed 's/ .*//' "$work/served")
  answers() {  # STATUS WORDS [PAGE]: what the server must answer
    output=$(node -e 'fetch(process.argv[1]).then(async answer =>
      console.log(answer.status, await answer.text()))' "$address${3:-}" 2>&1)
    [ "${output%% *}" = "$1" ] && says "$2"
  }
  check "a site that is not there yet is being built" answers 503 "being built"
  echo "page" > "$work/dist/index.html"
  check "... its page comes when it is there" answers 200 "page"
  check "... no other does" answers 404 "" other.html
  echo "none" > "$work/dist/404.html"
  check "... but a page that says so" answers 404 "none" other.html
  rm "$work/dist/"*
  check "a site that has gone is being built again" answers 503 "being built"
  rmdir "$work/dist"
  check "... also without a folder" answers 503 "being built"
  mkdir "$work/dist"
  echo "page" > "$work/dist/index.html"
  check "... and served again when it is there" answers 200 "page"
  kill $server
  server=""
else
  echo "skipped: the site's server, as node 18 is missing"
fi

# ---- Data: generated files and a table for them --------------------------

sha256() { { sha256sum 2> /dev/null || shasum -a 256; } < "$1" | cut -c 1-64; }
md5() { { md5sum 2> /dev/null || md5 -q; } < "$1" | cut -c 1-32; }

good=$work/good
bad=$work/bad
mkdir -p "$good" "$bad" "$work/tar/cifar-10-batches-bin"
awk 'BEGIN { for (i = 0; i < 20000; ++i) print (i * i * 7919) % 99991 }' \
  > "$work/images"
echo "labels" > "$work/labels"
gzip -nc "$work/images" > "$good/images-idx3.gz"
gzip -nc "$work/labels" > "$good/labels.gz"
for name in data_batch_{1,2,3,4,5} test_batch; do
  echo "$name" > "$work/tar/cifar-10-batches-bin/$name.bin"
done
tar -czf "$good/cifar.tar.gz" -C "$work/tar" cifar-10-batches-bin
cp "$good"/* "$bad"
echo "another file" | gzip -nc > "$bad/labels.gz"

table() {  # MIRROR...: makes the table of data sets, with these mirrors
  local mirror name
  {
    echo "mnist file images-idx3.gz $(sha256 "$good/images-idx3.gz")"
    echo "mnist file labels.gz $(md5 "$good/labels.gz")"
    echo "mnist inside images-idx3 $(sha256 "$work/images")"
    echo "mnist inside labels $(sha256 "$work/labels")"
    echo "cifar-10 file cifar.tar.gz $(sha256 "$good/cifar.tar.gz")"
    for name in data_batch_{1,2,3,4,5} test_batch; do
      echo "cifar-10 inside $name.bin $(md5 \
        "$work/tar/cifar-10-batches-bin/$name.bin")"
    done
    for mirror in "$@"; do
      echo "mnist mirror $mirror"
      echo "cifar-10 mirror $mirror"
    done
  } | sort -s -k 1,1 > "$CNN_DATA_TABLE"
}
fresh() { rm -rf data; }
left() {  # FILE: where a run that has ended left it, under its process number
  echo data/.downloads/mnist.[0-9]*/"$1"
}
part=data/.downloads/mnist/images-idx3.gz.part  # of a run without a number
half() {  # makes what a broken download leaves
  fresh
  mkdir -p "$(dirname $part)"
  head -c 20000 "$good/images-idx3.gz" > $part
}

table "file://$good/"
run data svhn
check "an unknown data set ends with status 2" ends_with 2
check "... after one line" lines 1
check "... that lists those there are" says "there are: cifar-10 mnist"
run data "mnist file"
check "a name with a space in it is unknown" ends_with 2
run data
check "a missing name is unknown too" ends_with 2
run data mnist --form here
check "another option than --from ends with status 2" ends_with 2
check "none of that left anything behind" absent data

# ---- Data: from a folder -------------------------------------------------

run data mnist --from "$good"
check "--from FOLDER ends with status 0" ends_with 0
check "... unzips the files" same data/mnist/images-idx3 "$work/images"
check "... all of them" same data/mnist/labels "$work/labels"
check "... leaves no downloads" test -z "$(ls -A data/.downloads)"
check "... says how to use them" says "--data data/mnist"
run data mnist --from /nowhere
check "a complete data set ends with status 0" ends_with 0
check "... and is left alone" says "complete already"

fresh
(mkdir -p "$work/some/where" && cd "$work/some/where" &&
  bash ../../house/tutorial data mnist --from ../../good > /dev/null)
check "--from is relative to where one stands" \
  same data/mnist/images-idx3 "$work/images"

# The same content, packed differently or not at all, under either name.
other=$work/other
mkdir "$other"
gzip -9c "$work/images" > "$other/images-idx3.gz"
cp "$work/labels" "$other"
from_other() {  # NAME
  fresh
  run data mnist --from "$other"
  check "$1 is taken" ends_with 0
  check "... to the right file" same data/mnist/images-idx3 "$work/images"
}
check "the archive differs" test "$(sha256 "$other/images-idx3.gz")" != \
  "$(sha256 "$good/images-idx3.gz")"
from_other "the right content in another archive"
mv "$other/images-idx3.gz" "$other/images.idx3.gz"
from_other "a name with a dot"
gunzip "$other/images.idx3.gz"
from_other "a name with a dot, unpacked"
mv "$other/images.idx3" "$other/images-idx3"
from_other "what is unpacked already"

fresh
mkdir "$other/tar"
tar -cf - -C "$work/tar" cifar-10-batches-bin | gzip -1 \
  > "$other/tar/cifar.tar.gz"
run data cifar-10 --from "$other/tar"
check "another tar archive with the right content is taken" ends_with 0

refused() {  # WHAT WORDS: and nothing may be lost or left behind
  run data mnist --from "$bad"
  check "$1 ends with status 1" ends_with 1
  check "... is named" says "$2"
  check "... is not said to be deleted" silent_on deleted
  check "... nor is it" test -f "$bad/labels.gz"
  check "... and leaves no data set" absent data/mnist
  check "... nor downloads" test -z "$(ls -A data/.downloads)"
}
fresh
refused "a folder's file with other content" \
  "$bad: the bytes of labels differ from the published ones"
cp "$bad/labels.gz" "$work/other_labels.gz"
echo "<html>not found</html>" > "$bad/labels.gz"
refused "a page in place of an archive" "$bad/labels.gz cannot be unpacked"
head -c 20 "$good/labels.gz" > "$bad/labels.gz"
refused "an archive that was cut off" "$bad/labels.gz cannot be unpacked"
mv "$work/other_labels.gz" "$bad/labels.gz"
mv "$bad/images-idx3.gz" "$work/images-idx3.gz"
refused "a folder that lacks a file" "no images-idx3.gz in $bad"
mv "$work/images-idx3.gz" "$bad"

run data mnist --from "$work/nowhere"
check "a missing folder ends with status 1" ends_with 1
check "... after one line" lines 1

fresh
mkdir -p data/mnist
echo "my own" > data/mnist/images-idx3
run data mnist --from "$good"
check "a folder of the user's own is not overwritten" ends_with 1
check "... and keeps its files" grep -qx "my own" data/mnist/images-idx3
check "... and is told which" says "images-idx3 is missing or damaged"

# A set that was damaged later: each of its files was cut off, changed, or lost.
for file in images-idx3 labels; do
  for damage in cut changed gone; do
    fresh
    run data mnist --from "$good"
    case $damage in
      cut) head -c 5 "$work/images" > "data/mnist/$file" ;;
      changed)
        printf x | dd of="data/mnist/$file" conv=notrunc 2> /dev/null ;;
      gone) rm "data/mnist/$file" ;;
    esac
    run data mnist --from "$good"
    check "$file $damage: not called complete" ends_with 1
    check "... but by its name" says "its $file is missing or damaged"
    check "... after one line" lines 1
  done
done

# Several runs at once: each must end well, and the set must be whole.
fresh
runs="" status=0
for number in 1 2 3 4; do
  bash ./tutorial data mnist --from "$good" > "$work/output-$number" 2>&1 &
  runs="$runs $!"
done
for number in $runs; do
  wait "$number" || status=$?
done
output=$(cat "$work"/output-?)
check "four runs at once end with status 0" ends_with 0
check "... and the set is whole" same data/mnist/images-idx3 "$work/images"
check "... without anything else" test "$(ls data/mnist)" = \
  $'images-idx3\nlabels'
check "... beside it neither" test -z "$(ls -A data/.downloads)"

# As if another run had finished between this one's last look and its `mv`.
fresh
mkdir "$work/late"
cat > "$work/late/mv" <<END
#!/bin/sh
mkdir -p data/mnist && cp "$work/images" data/mnist/images-idx3 &&
  cp "$work/labels" data/mnist && PATH=$usual_path exec mv "\$@"
END
chmod +x "$work/late/mv"
PATH=$work/late:$PATH
run data mnist --from "$good"
PATH=$usual_path
check "the slower of two ends with status 0" ends_with 0
check "... and adds nothing to the other's set" test "$(ls data/mnist)" = \
  $'images-idx3\nlabels'

# ---- Data: from mirrors --------------------------------------------------

if ! command -v curl > /dev/null; then
  echo "skipped: downloads, as curl is missing"
  exit 0
fi

fresh
run data mnist
check "a mirror's files arrive" same data/mnist/images-idx3 "$work/images"
run data cifar-10
check "a tar archive is unpacked without its folder" \
  grep -qx data_batch_5 data/cifar-10/data_batch_5.bin
check "... with the test batch" test -s data/cifar-10/test_batch.bin

fresh
table "file://$work/nowhere/" "file://$bad/" "file://$good/"
run data mnist
check "a later mirror is tried when others fail" ends_with 0
check "... after a wrong checksum" says "$bad/labels.gz: wrong checksum"
check "... and its file is right" same data/mnist/labels "$work/labels"

fresh
table "file://$work/nowhere/" "file://$bad"
run data mnist
check "when all mirrors fail the status is 1" ends_with 1
check "... one line names the file" says "labels.gz could not be had"
check "... and the ways that are left" \
  says "./tutorial data mnist --from FOLDER-OR-URL"
check "... no data set is left" absent data/mnist
check "... nor the wrong file" absent "$(left labels.gz.part)"
check "... but what was right" \
  same "$(left images-idx3.gz)" "$good/images-idx3.gz"
run data mnist --from "file://$good"
check "--from URL goes on with it" same data/mnist/labels "$work/labels"
check "... and fetches only the rest" silent_on "images-idx3.gz from"

# ---- Data: going on after a break ----------------------------------------

# The mirror's file differs from the part in its first half, so only a download
# that goes on where the part ends gives the right file.
mkdir "$work/second_half"
cp "$good/labels.gz" "$work/second_half"
{
  head -c 20000 /dev/zero
  tail -c +20001 "$good/images-idx3.gz"
} > "$work/second_half/images-idx3.gz"
table "file://$work/second_half/"
half
run data mnist
check "a part is continued" same data/mnist/images-idx3 "$work/images"

table "file://$good/"
half
printf 'x' | dd of=$part bs=1 seek=5000 conv=notrunc 2> /dev/null
run data mnist
check "a spoilt part is noticed" says "starting over"
check "... and fetched again" same data/mnist/images-idx3 "$work/images"

half
cat "$good/images-idx3.gz" "$good/images-idx3.gz" > $part
run data mnist
check "a part that is too long is fetched again" \
  same data/mnist/images-idx3 "$work/images"

half
cp "$good/images-idx3.gz" $part
table "file://$work/nowhere/"
run data mnist
check "a whole part needs no mirror" \
  same "$(left images-idx3.gz)" "$good/images-idx3.gz"
half
run data mnist
check "a mirror that cannot be reached leaves the part" \
  test -s "$(left images-idx3.gz.part)"

# ---- Data: over HTTP, if there is a Python -------------------------------

if ! python3 -c 'import http.server' 2> /dev/null; then
  echo "skipped: HTTP, as python3 is missing"
  exit 0
fi

# Serves good/ with ranges under /ranges/ and without under /plain/, breaks
# the connection half-way under /broken/ and stalls there under /slow/.
cat > "$work/server.py" <<'END'
import http.server, os, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        _, kind, name = self.path.split("/")
        path = os.path.join(sys.argv[1], name)
        if kind == "404":
            return self.send_error(404)
        data, start = open(path, "rb").read(), 0
        wanted = self.headers.get("Range")
        if kind == "ranges" and wanted:
            start = int(wanted.split("=")[1].split("-")[0])
            if start >= len(data):
                return self.send_error(416)
            self.send_response(206)
            self.send_header("Content-Range", "bytes %d-%d/%d" % (
                start, len(data) - 1, len(data)))
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        end = 20000 if kind in ("broken", "slow") else len(data)
        self.wfile.write(data[start:end])
        if kind == "slow":
            time.sleep(60)
    def log_message(self, *arguments):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
with open(sys.argv[2] + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(sys.argv[2] + ".new", sys.argv[2])
server.serve_forever()
END
export no_proxy=127.0.0.1
python3 "$work/server.py" "$good" "$work/port" > /dev/null 2>&1 &
server=$!
check "the test's server starts" wait_for test -f "$work/port"
address=http://127.0.0.1:$(cat "$work/port")

fresh
table "$address/broken/"
run data mnist
check "a connection that breaks ends with status 1" ends_with 1
check "... and leaves the part" test -s "$(left images-idx3.gz.part)"
table "$address/404/" "$address/ranges/"
run data mnist
check "... which a server with ranges continues" ends_with 0
check "... to the right file" same data/mnist/images-idx3 "$work/images"
check "... without starting over" silent_on "starting over"

fresh
table "$address/slow/"
start_script data mnist
some_is_there() { test -s "$(left images-idx3.gz.part)"; }
check "a download is under way" wait_for some_is_there

# A second run at the same time takes nothing away from the first.
run data mnist --from "$good"
check "a second run beside it ends well" ends_with 0
check "... and leaves the first one's part" some_is_there
rm -r data/mnist
interrupt_script
check "Ctrl-C in a download ends with status 130" ends_with 130
check "... and leaves no data set" absent data/mnist
table "$address/ranges/"
run data mnist
check "... the next run goes on" same data/mnist/images-idx3 "$work/images"
check "... without starting over" silent_on "starting over"

half
table "$address/plain/"
run data mnist
check "a server without ranges is asked for the whole" says "starting over"
check "... and the file is right" same data/mnist/images-idx3 "$work/images"

half
cat "$good/images-idx3.gz" "$good/images-idx3.gz" > $part
table "$address/ranges/"
run data mnist
check "a part beyond the end is fetched again" \
  same data/mnist/images-idx3 "$work/images"

echo "all checks passed"
