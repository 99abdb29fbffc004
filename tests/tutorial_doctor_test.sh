#!/usr/bin/env bash
# Tests of `./tutorial doctor` on machines that lack some tools: the only PATH
# is a folder with a few tools, and with scripts in place of others.
# Prints one line per check, ends with status 1 at the first that fails.
# shellcheck disable=SC2016  # what is in these quotes is a script's
# shellcheck source=tests/tutorial_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tutorial_common.sh"

# What the script itself needs. The tests add more on the way.
mkdir "$work/few"
for name in awk basename bash cat cut env grep id mkdir sed sh sort tr; do
  ln -s "$(command -v $name)" "$work/few/$name"
done
tool() {  # NAME LINES: makes a script of LINES, which calls no other tool
  printf '#!%s\n%s\n' "$(command -v sh)" "$2" > "$work/few/$1"
  chmod +x "$work/few/$1"
}
doctor() {
  status=0
  output=$(env -i PATH="$work/few" "$@" bash ./tutorial doctor 2>&1) ||
    status=$?
}
gets() { says "  $1 $2"; }

doctor
check "a machine with nothing ends with status 1" ends_with 1
check "... whose compiler is missing" says "compiler  MISSING, for run, test"
check "... and says in words where there is no package manager" \
  says "cmake 3.25 or newer: cmake.org/download"
check "... for other commands as well" says "node 18 or newer, with npm"
check "... and leaves nothing behind" absent build

tool apt-get 'echo "$@" >> '"$work/called; exit 1"
sudo="" 
if [ "$(id -u)" -ne 0 ]; then sudo="sudo "; fi
doctor
check "with apt-get it names packages" gets \
  "${sudo}apt-get update && ${sudo}apt-get install -y --no-install-recommends" \
  "g++ cmake ninja-build"
check "... and calls nothing" absent "$work/called"
check "... and leaves nothing behind" absent build

tool cmake 'if [ "$1" = --version ]; then echo "cmake version 3.22.1"; fi
[ "$1" != --list-presets ]'
doctor
check "a CMake that is too old is named" \
  says "cmake     TOO OLD (cmake version 3.22.1), for run"
tool cmake 'echo "cmake version 3.31.0"'
tool c++ 'if [ "$1" = --version ]; then echo "c++ 14.2"; fi'
tool make ''
tool git 'echo "git version 2.39"'
doctor
check "a compiler, CMake, make and git are enough" ends_with 0
check "... as the last line says" says "All that run and test need is here."
check "... with the versions" says "cmake     cmake version 3.31.0"
check "... and the compiler's" says "compiler  c++ 14.2"
check "... make in ninja's place" says "make builds instead"
check "what other commands lack is named, too" says "pandoc    MISSING, for site --epub"
check "... with what gets it" says "chromium pandoc clang lld wasi-libc"
doctor CXX=/nowhere/g++
check "a CXX that is not there ends with status 1" ends_with 1
check "... as a line of its own says" says "CXX is '/nowhere/g++'"
check "... and no package is named for it" silent_on " g++"
for name in CHROME CNN_WASM_COMPILER; do
  doctor $name=/nowhere/tool
  check "a $name that is not there ends with status 1" ends_with 1
  check "... as a line of its own says" says "$name is '/nowhere/tool', which"
done
rm "$work/few/make"
doctor
check "without ninja and make the status is 1" ends_with 1
check "... and ninja is what gets it" says "recommends ninja-build"
tool ninja 'echo 1.11.1'
doctor
check "with ninja it is 0" ends_with 0
check "... whose version is said" says "ninja     ninja 1.11.1"
mkdir -p "$work/closed"
touch "$work/closed/file"
doctor CNN_BUILD_DIR="$work/closed/file/build"
check "a folder where nothing can be built ends with status 1" ends_with 1
check "... as a line says" says "set CNN_BUILD_DIR to a folder where you can"
output=$(env -i PATH="$work/few" bash ./tutorial doctor 01 2>&1)
check "doctor takes no word" lines 1
check "nothing was installed" absent "$work/called"
echo "all checks passed"
