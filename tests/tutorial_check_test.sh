#!/usr/bin/env bash
# Tests of `./tutorial check`: tutorial_check_test.sh MISBEHAVING
# MISBEHAVING is the check of an exercise that goes wrong in the way that
# CNN_MISBEHAVE names. Prints one line per check, ends at the first that fails.
misbehaving=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
# shellcheck source=tests/tutorial_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tutorial_common.sh"
fake_tools

exercise() {  # NUMBER NAME COMMAND: makes one of chapter 01's; COMMAND checks
  local folder=tests/exercises/01-tensor
  local program=build/release/tests/exercises/exercise-01-tensor-$2
  mkdir -p "$folder" build/release/tests/exercises
  echo "// Exercise $1." > "$folder/$2.cpp"
  printf '#!/bin/sh\n%s\n' "$3" > "$program"
  chmod +x "$program"
}
verdict() {  # NAME WORDS STATUS: the command of a check that ends with these
  printf "printf '  %%-30s %%s\\\\n' '%s' '%s'; exit %s" "$1" "$2" "$3"
}

# ---- What the checks say, counted ----------------------------------------

exercise 2 alpha "$(verdict alpha solved 0)"
exercise 1 beta "$(verdict beta 'not solved yet' 3)"
exercise 3 gamma "$(verdict gamma wrong 1)"
run check
check "exercises that are not all solved end with status 1" ends_with 1
check "... and are counted" says "1 of 3 solved"
check "... in their order" says $'not solved yet\n  alpha'
check "... and the first that is not is named" \
  says "Next: chapters/01-tensor/exercises/beta.hpp; the end of book/01-tensor"
run check 02
check "a chapter without exercises has none to solve" ends_with 0
exercise 1 beta "$(verdict beta solved 0)"
exercise 3 gamma "$(verdict gamma solved 0)"
run check 01
check "all solved ends with status 0" ends_with 0
check "... and with the next chapter" says "Next: ./tutorial run 2"
CNN_PRESET=developer run check 01
check "... also where warnings are errors in the programs" ends_with 0
touch "$work/broken"
run check 01
check "what does not compile is said" says "alpha                          does not"
check "... and counts as unsolved" ends_with 1
cat > "$work/words" <<'END'
[1/3] Building CXX object a.o
FAILED: tests/a.o
/usr/bin/c++ -Wall -o a.o -c /house/chapters/a.cpp
a.hpp:3:1: error: first
    3 | wrong
a.hpp:9:1: error: second
ninja: build stopped: subcommand failed.
END
cp "$work/bin/cmake" "$work/cmake"
# shellcheck disable=SC2016  # $1 is the script's
printf '#!/bin/sh\ncase $1 in --build) cat "%s"; exit 1 ;; esac\n' "$work/words" \
  > "$work/bin/cmake"
run check 01
check "the compiler's errors are shown" says "      a.hpp:9:1: error: second"
for words in "ninja:" "FAILED" "/usr/bin/c++" $'\n      --'; do
  check "... without '$words'" silent_on "$words"
done
check "... but the line that each is of" says "      3 | wrong"
mv "$work/cmake" "$work/bin/cmake"
rm "$work/broken"
run check 07
check "an unknown chapter has no exercises" ends_with 2

# ---- Stubs, put back ------------------------------------------------------

if PATH=$usual_path command -v git > /dev/null; then
  stubs=chapters/01-tensor/exercises
  in_git() { PATH=$usual_path git -c user.name=me -c user.email=me@here "$@"; }
  PATH=$usual_path run check --reset 1
  check "--reset in no clone ends with status 1" ends_with 1
  check "... after one line" lines 1
  run check --reset
  check "--reset needs a chapter" ends_with 2
  mkdir -p $stubs
  for name in alpha beta gamma; do
    echo "throw NotSolvedYet();" > $stubs/$name.hpp
  done
  echo "/build/" > .gitignore
  in_git init -q .
  in_git add -A
  in_git commit -q -m "All"
  echo "return 1;" > $stubs/alpha.hpp
  in_git commit -q -a -m "Solve one"
  echo "return 2;" > $stubs/beta.hpp
  PATH=$usual_path run check --reset 1
  check "--reset ends with status 0" ends_with 0
  check "... puts back what was committed since" grep -q NotSolved $stubs/alpha.hpp
  check "... and what was not" grep -q NotSolved $stubs/beta.hpp
  check "... keeps what was there" \
    grep -q "return 2" build/mine/01-tensor/beta.*.hpp
  check "... and says where" says "yours is now build/mine/01-tensor/alpha."
  PATH=$usual_path run check --reset 1
  check "... once" says "The stubs are as they came."
fi

# ---- What goes wrong otherwise -------------------------------------------

rm -r tests
goes_wrong() {  # WAY WORDS...: must print all WORDS, and count as unsolved
  local way=$1 words
  shift
  exercise 1 transposed "CNN_MISBEHAVE=$way exec '$misbehaving'"
  run check 01
  for words in "  transposed   " "$@" "0 of 1 solved"; do
    check "$way: '$words'" says "$words"
  done
  check "$way ends with status 1" ends_with 1
}
at="at the input  (2, 2): 1 2 3 4"
export CNN_CHECK_SECONDS=1
goes_wrong loop "takes too long" "$at"
goes_wrong loop-that-prints "prints more than 20000 bytes" "round and round"
check "... and is shown so much of it" \
  test "$(wc -c <<< "$output")" -lt 21000
export CNN_CHECK_SECONDS=600
if (ulimit -v 300000) 2> /dev/null; then  # macOS cannot limit it
  (
    ulimit -v 300000
    goes_wrong loop-that-fills-memory "bad_alloc"
  ) || exit 1
fi
goes_wrong print-100-MB "prints more than 20000 bytes"
goes_wrong exit "ends the whole program" "$at"
goes_wrong exit-as-if-wrong "ends the whole program" "$at"
goes_wrong exit-at-once "ended before its check did (status 0)"
goes_wrong exit-at-once-as-if-wrong "ended before its check did (status 1)"
goes_wrong crash "crashed" "$at"
goes_wrong divide "crashed" "$at"
goes_wrong recursion "an endless recursion" "$at"
goes_wrong abort "crashed: abort()" "$at"
goes_wrong throw "an exception of another kind"
goes_wrong throw-where-nobody-may "an uncaught exception" "$at"
goes_wrong crash-after-the-verdict "ended before its check did (status 11)"
exercise 1 transposed "CNN_MISBEHAVE=print-and-solve exec '$misbehaving'"
run check 01
check "a reader's own words stay" says "a reader's own words"
check "... and do no harm" says "1 of 1 solved"

# Ctrl-C during an endless loop, which would go on for ten minutes.
rm -f build/check.txt
exercise 1 transposed "echo begun; CNN_MISBEHAVE=loop exec '$misbehaving'"
start_script check 01
check "a check is under way" wait_for grep -q begun build/check.txt
interrupt_script
check "Ctrl-C ends it at once" ends_with 130
check "... and says so" says "interrupted"

echo "all checks passed"
