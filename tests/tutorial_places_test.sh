#!/usr/bin/env bash
# Tests of the script `tutorial` in odd places and under odd conditions, with
# scripts in place of the tools. Only the last check really builds.
# Prints one line per check, ends with status 1 at the first that fails.
# shellcheck source=tests/tutorial_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tutorial_common.sh"
fake_tools
program 01-tensor <<'END'
echo "one: $*"
END

# ---- Where the script is, and how it is called ---------------------------

called() {  # NAME COMMAND...: must find the chapters beside the script
  local name=$1
  shift
  status=0
  output=$("$@" run 99 2>&1) || status=$?
  check "$name: the chapters are found" says "there are: 01-tensor 02-conv"
  check "... and nothing else is said" lines 1
}
mkdir -p "$work/elsewhere/deep"
cd "$work/elsewhere" || exit 1
ln -s "$work/house/tutorial" absolute
ln -s ../../house/tutorial deep/relative
ln -s deep/relative chain
called "an absolute link" bash ./absolute
called "a relative link" bash deep/relative
called "a link to a link" bash ./chain
ln -s "$work/house/tutorial" "$work/bin/tutorial-by-name"
called "a link on PATH" tutorial-by-name
cd "$work" || exit 1
export CDPATH=$work:$work/elsewhere
called "CDPATH" bash house/tutorial
unset CDPATH
cd "$work/house" || exit 1

# Each NAME is that of a folder above the clone and its build folder.
odd_place() {  # NAME
  mkdir -p "$work/odd/$1"
  cp -R "$work/house" "$work/odd/$1/"
  cd "$work/odd/$1/house" || exit 1
  run run 01
}
# shellcheck disable=SC2016  # these are names
for name in "[2024] books" "it's" -dash Bücher "two  words" 'cash $5 $HOME' \
  'star*' 'what?' 'a&b' 'a(b)' 'a`b`' 'a:b' 'a%b' 'a=b' '~' 'a!b' '[a][b[c]]'
do
  odd_place "$name"
  check "in '$name' a chapter runs" ends_with 0
  check "... that of this place" says "--report $PWD/build/reports"
  cd ..
  status=0
  output=$(bash -- house/tutorial run 99 2>&1) || status=$?
  check "... which is found from above" says "there are: 01-tensor"
done
cd "$work/odd" || exit 1
called "a leading dash" bash -- -dash/house/tutorial
# shellcheck disable=SC2016
for name in 'say "hi"' 'a;b' 'a#b' 'a<b' 'a>b' 'a|b' 'a\b' '${X}' '[odd' 'odd]' \
  'a][b'; do
  odd_place "$name"
  check "in '$name' nothing is built" ends_with 1
  check "... after one line" lines 1
  check "... that says what to do" says "rename $PWD"
done
export CMAKE_GENERATOR="Unix Makefiles"
odd_place a:b
check "in 'a:b' make builds nothing" says "rename $PWD"
unset CMAKE_GENERATOR
cd "$work/house" || exit 1

# ---- The generator -------------------------------------------------------

for name in "Ninja Multi-Config" Xcode "Visual Studio 17 2022"; do
  export CMAKE_GENERATOR=$name
  rm "$work/cmake_calls"
  run run 01
  check "instead of $name it is Ninja" says "with Ninja instead of CMAKE_GEN"
  check "... for CMake, too" says "one: "
  check "... by its environment" grep -q "generator Ninja$" "$work/cmake_calls"
done
export CMAKE_GENERATOR="Unix Makefiles"
rm "$work/cmake_calls"
run run 01
check "make is taken if asked for" \
  grep -q "generator Unix Makefiles$" "$work/cmake_calls"
check "... without a word" silent_on "instead"
unset CMAKE_GENERATOR

# ---- A build folder that cannot be used again ----------------------------

cache() {  # LINE...: makes a build folder whose cache has these lines, too
  rm -rf build/release
  mkdir -p build/release
  touch build/release/object
  printf '%s\n' "CMAKE_HOME_DIRECTORY:INTERNAL=$(pwd -P)" \
    "CMAKE_GENERATOR:INTERNAL=Ninja" "$@" > build/release/CMakeCache.txt
  echo sh > build/release/compiler.txt
}
afresh() {  # WHAT WORDS
  run book --check
  check "$1: built afresh" absent build/release/object
  check "... with the reason" says "build/release $2: starting afresh"
}
kept() {  # WHAT
  run book --check
  check "$1: built on" test -e build/release/object
  check "... without a word" silent_on "afresh"
}
tools="CMAKE_CXX_COMPILER:FILEPATH=$work/bin/git"
cache "$tools" "CMAKE_MAKE_PROGRAM:FILEPATH=$work/bin/ninja" \
  "CMAKE_DLLTOOL:FILEPATH=CMAKE_DLLTOOL-NOTFOUND" \
  "CMAKE_INSTALL_PREFIX:PATH=/nowhere"
kept "all is there"
for line in CMAKE_CXX_COMPILER:FILEPATH CMAKE_CXX_COMPILER:STRING \
  CMAKE_MAKE_PROGRAM:FILEPATH CMAKE_AR:FILEPATH STB_INCLUDE_DIR:PATH \
  CMAKE_CXX_COMPILER_LAUNCHER:STRING CNN_WASM_OPT:FILEPATH; do
  cache "$tools" "$line=/nowhere/a tool"
  afresh "${line%:*} is gone" "needs /nowhere/a tool, which is gone"
done
cache "$tools"
sed -i.old "s|^CMAKE_HOME.*|CMAKE_HOME_DIRECTORY:INTERNAL=/x|" \
  build/release/CMakeCache.txt
afresh "the clone was moved" "is of another folder or generator"
cache "$tools"
sed -i.old "s|=Ninja|=Unix Makefiles|" build/release/CMakeCache.txt
afresh "another generator" "is of another folder or generator"
cache "$tools"
echo clang++ > build/release/compiler.txt
afresh "another compiler is asked for" "was built by clang++"
cache "$tools"
CXX="sh -e"
afresh "... or other options of it" "was built by sh"
check "... which are remembered" grep -qx "sh -e" \
  build/release/compiler.txt
cache "$tools"
CXX="" kept "none is asked for"
CXX="sh"

touch "$work/no_compiler"
cache "$tools"
run run 01
check "a failed configuration ends with status 1" ends_with 1
rm "$work/no_compiler" "$work/cmake_calls"
run run 01
check "... and the next one remembers nothing of it" \
  grep -q "preset release .*--fresh" "$work/cmake_calls"
rm "$work/cmake_calls"
run run 01
check "... unlike the one after" silent_on "afresh"
check "... which goes on" test "$(grep -c -e --fresh "$work/cmake_calls")" = 0
CXX=/nowhere/g++
run run 01
check "a compiler that is not there ends with status 1" ends_with 1
check "... after one line" lines 1
check "... that names it" says "CXX is '/nowhere/g++'"
CXX="sh"

# ---- Where nothing can be written, and little is there -------------------

rm -rf build
touch build
for command in run test check "book --check"; do
  # shellcheck disable=SC2086  # words
  run $command
  check "$command without a build folder ends with status 1" ends_with 1
  check "... and says what to do" says "set CNN_BUILD_DIR to a folder"
done
output=$(CNN_BUILD_DIR=../other bash ./tutorial book --check 2>&1)
check "it can be elsewhere" test -f "$work/other/release/compiler.txt"
check "... for all that is built" grep -q -e "--build $work/house/../other" \
  "$work/cmake_calls"
rm build
program 01-tensor <<'END'
echo "one: $*. In ${CNN_BUILD_DIR:-}."
END
mv build "$work/out [1]"
output=$(CNN_BUILD_DIR="$work/out [1]" bash ./tutorial run 01 2>&1)
check "a program is told of it, and its report goes there, too" says \
  "one: --report $work/out [1]/reports/01-tensor.txt. In $work/out [1]."
check "... and nothing into the clone" absent build
output=$(CNN_BUILD_DIR="$work/out [1]" bash ./tutorial run 01 -- --report y 2>&1)
check "a report that is asked for is the only one" says "one: --report y."
output=$(CNN_BUILD_DIR="$work/out [1]" bash ./tutorial run 01 -- a -- b 2>&1)
check "and what follows -- stays behind it" \
  says "one: a --report $work/out [1]/reports/01-tensor.txt -- b."
touch data
run data mnist --from "$work"
check "data that cannot be written ends with status 1" ends_with 1
check "... after one line" lines 1
check "... that says so" says "cannot write into"
rm data

# A folder with the tools that the script needs, and no others.
mkdir "$work/few"
for name in awk basename bash cat cut dd env grep head mkdir mv rm sed sh sort \
  tail tee tr wc; do
  ln -s "$(command -v $name)" "$work/few/$name"
done
ln -s "$work"/bin/{cmake,ninja} "$work/few/"
mv "$work/out [1]" build
output=$(env -i PATH="$work/few" CXX=sh bash ./tutorial run 01 2>&1)
check "no HOME, locale, tput, nproc: a chapter runs" says "one: "
check "... and one is built at a time" \
  grep -q -e "--target 01-tensor --parallel 1 " "$work/cmake_calls"
output=$(env POSIXLY_CORRECT=1 LC_ALL=tr_TR.UTF-8 TERM=none \
  bash ./tutorial run 01 2>&1)
check "nor do other settings matter" says "one: "

# ---- In earnest ----------------------------------------------------------

# A clone that cannot be written, in an odd place, with the build elsewhere, and
# an environment of little more than what gets in the way.
PATH=$usual_path
for name in cmake ninja; do
  if ! command -v $name > /dev/null; then
    echo "skipped: a build, as $name is missing"
    exit 0
  fi
done
place="$work/[2024] it's \$5 & (Bücher*?)"
mkdir -p "$place/house" "$place/out"
cp -R "$source_folder"/{tutorial,CMakeLists.txt,CMakePresets.json,chapters,common,tests} \
  "$place/house/"
cp "$source_folder/chapters/01-tensor/solutions/transposed.hpp" \
  "$place/house/chapters/01-tensor/exercises/"
rm "$place"/house/{chapters/01-tensor/exercises,tests/exercises/01-tensor}/strided_slice.?pp
chmod -R a-w,a+rX "$place/house"
as_nobody=""
if [ "$(id -u)" -eq 0 ] && command -v setpriv > /dev/null; then
  chmod 755 "$work"
  chmod 777 "$place/out"
  as_nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
fi
cd / || exit 1
# shellcheck disable=SC2086  # words
output=$(env -i PATH="$PATH" CDPATH=/ CMAKE_GENERATOR="Ninja Multi-Config" \
  CNN_BUILD_DIR="$place/out/build" $as_nobody \
  bash "$place/house/tutorial" check 01 2>&1)
status=$?
check "in earnest: what is solved counts" says "1 of 2 solved"
check "... what is not is named" says "channels_last                  not solved"
check "... nothing is built in the clone" absent "$place/house/build"
chmod -R u+w "$place/house"

echo "all checks passed"
