#!/usr/bin/env bash
# Tests of the script's verbs (train, measure, export, read, teach, inside):
# that messages and data are kept apart, and which statuses, folders and builds
# there are. A script stands in for CMake, and in the first part scripts stand
# in for the programs, too.
#   tutorial_verbs_test.sh FOLDER-OF-PROGRAMS
# Prints one line per check, ends with status 1 at the first that fails.
programs=$(cd "$1" && pwd)
# shellcheck source=tests/tutorial_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tutorial_common.sh"
fake_tools
mkdir common chapters/{16-saving,17-handwriting,18-browser} "$work/elsewhere"
touch CMakeLists.txt CMakePresets.json

# Runs a verb from another folder, with its standard output in $output and its
# standard error in $said.
verb() {
  status=0
  output=$(cd "$work/elsewhere" &&
    bash ../house/tutorial "$@" 2> "$work/said" < /dev/null) || status=$?
  said=$(cat "$work/said")
}
silent() { [ -z "$said" ]; }
complains() { case $said in *"$1"*) ;; *) return 1 ;; esac; }
builds() { grep -c -e --build "$work/cmake_calls"; }
built() { [ "$(builds)" -eq "$1" ]; }

# ---- With scripts in place of the programs --------------------------------

for name in 16-saving 17-handwriting 18-browser; do
  program $name <<'END'
echo "data: ${0##*/} in $PWD:$(printf ' <%s>' "$@")"
if [ "${2:-}" = --fail ]; then echo "words of the program" >&2; exit 7; fi
if [ "${2:-}" = --wait ]; then
  trap 'echo "stopped"; exit 42' INT
  touch "$3"
  while :; do sleep 0.05; done
fi
END
done

verb train --save "my file" --network "conv 8 5, relu"
check "a verb runs its chapter's program" ends_with 0
check "... with its words as they were, from where one stands" says \
  "data: 16-saving in $work/elsewhere: <train> <--save> <my file> <--network> <conv 8 5, relu>"
check "... and standard output is the program's alone" lines 1
check "the words of building go to standard error" complains "Building 16-saving"
check "it was built" built 1
verb train --help
check "the next time nothing is built" built 1
check "... and nothing is said" silent
check "--help is the program's" says "<train> <--help>"
for verb in measure export; do
  verb $verb F
  check "$verb is 16-saving's" says "data: 16-saving in"
  check "... and nothing is said" silent
done
check "... nor built" built 1
for verb in read teach; do
  verb $verb F
  check "$verb is 17-handwriting's" says "data: 17-handwriting in"
done
verb inside --layer conv1
check "inside is 18-browser's" says "data: 18-browser in"
check "... with its name" says "<inside> <--layer> <conv1>"
check "each program is built once" built 3
verb measure --fail
check "the status is the program's" ends_with 7
check "... after its own words alone" [ "$said" = "words of the program" ]
check "... and data" says "<measure> <--fail>"

sleep 0.02
touch common/new.hpp
verb measure F
check "a source that is newer is built" built 4
verb measure F
check "... once" built 4
rm common/new.hpp
verb read F
check "a source that is gone is built without it" built 5
touch "$work/broken"
touch common/new.hpp
verb read F
check "what cannot be built is not run" ends_with 1
check "... says the compiler" complains "the compiler's words"
check "... on standard error alone" [ -z "$output" ]
rm "$work/broken"
verb read F
check "... and is built the next time" built 7
verb measure F

start_script train --wait "$work/waits"
check "a program waits" wait_for test -e "$work/waits"
interrupt_script
check "Ctrl-C is the program's, and so is the status" ends_with 42
check "... and the script adds no word" says "stopped"
check "... of its own" silent_on "interrupted"

# ---- With the program itself ----------------------------------------------

ln -sf "$programs/16-saving/16-saving" build/release/chapters/16-saving/
small=(--network "flatten, dense 10" --batch 8000 --epochs 2)
verb train --save F.safetensors "${small[@]}" --report R
check "a network is trained from another folder" ends_with 0
check "... and is kept in it" [ -s "$work/elsewhere/F.safetensors" ]
check "... without its checkpoint" absent "$work/elsewhere/F.safetensors.resume"
last=$(tail -n 1 <<< "$output")
check "... as the last line says" [ "$last" = "F.safetensors holds the network,\
 7,850 numbers. Next: ./tutorial measure F.safetensors" ]
check "each epoch is a row" [ "$(grep -c '^ *[12] .* %$' <<< "$output")" -eq 2 ]
check "the report has its number" grep -q '^held_out_accuracy = 0\.[0-9]*$' \
  "$work/elsewhere/R"
verb train --save F.safetensors "${small[@]}"
check "what is there is not replaced" ends_with 2
check "... in one line" [ "$(wc -l < "$work/said")" -eq 1 ]
check "... that says how to" complains "--overwrite"

verb measure F.safetensors --report R
check "the network is measured from another folder" ends_with 0
check "... right or wrong, of 2,000 pictures" says " of 2000 pictures"
check "... and the report says it" grep -q '^accuracy = 0\.[0-9]*$' \
  "$work/elsewhere/R"
verb export F.safetensors --onnx F.onnx
check "the network is exported from another folder" ends_with 0
check "... into a file there" [ -s "$work/elsewhere/F.onnx" ]
check "... as the one line says" lines 1
check "... which names it first" says "F.onnx: "
verb measure none.safetensors
check "a file that is not there is one line" ends_with 1
check "... of words alone" [ -z "$output" ]

# What a program draws goes where it was built, unless it draws elsewhere.
ln -sf "$programs/17-handwriting/17-handwriting" \
  build/release/chapters/17-handwriting/
cp -R build "$work/out"
photographs=$source_folder/chapters/17-handwriting/photographs
drawn=figures/17-handwriting/read-spar_04.png
CNN_BUILD_DIR=../out verb read "$photographs/spar_04.jpg"
check "a photograph is read from another folder" says "23456"
check "... its figure is in CNN_BUILD_DIR" [ -s "$work/out/$drawn" ]
check "... as a line says" complains "../out/$drawn"
rm -r "$work/out/figures"
CNN_BUILD_DIR=../out verb read "$photographs/spar_04.jpg" --figures own
check "... or where the user wants it" [ -s "$work/elsewhere/own/${drawn##*/}" ]
CNN_BUILD_DIR=../out verb read "$photographs/spar_04.jpg" --json
check "... or nowhere" absent "$work/out/figures"
