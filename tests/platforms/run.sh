#!/usr/bin/env bash
# Tries the whole project on one platform, from a fresh build, on a Debian 12
# machine: see usage() below. Everything goes under build/platforms/NAME.
set -eu -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
source_folder=$PWD
# shellcheck source=tests/packages.sh
. tests/packages.sh
# shellcheck source=tests/sanitizers.sh
. tests/sanitizers.sh

usage() {
  cat <<'END'
usage: tests/platforms/run.sh NAME

  clang14       clang 14, warnings as errors: all tests, and all chapters
                but 06 print and draw what is recorded, byte for byte
  clang14-sanitize
                the unit tests and the solutions, under ASan and UBSan
  clang14-part  all other files have no warning
  clang19       as clang14 with clang 19, with libstdc++ 12 and with libc++
  debian13      Debian 13 in a folder: ./tutorial run and ./tutorial test,
                the headlines of the README, the committed figures
  arm64         cross compiler and qemu: all tests, all chapters --quick
  arm64-part    a part of it: chapters 01 and 07 --quick
  windows       MinGW and Wine: all tests, all chapters --quick
  wasm          the library for WebAssembly: no threads, no exceptions, no
                files; a network learns there, and a refusal is heard
  sanitize      each program once under ASan and UBSan
  tidy          clang-tidy 14 over the library and the chapters, shellcheck
                over the scripts
  small         little memory, one core, no locale, no HOME, a source folder
                that cannot be written to

It installs what it needs with apt-get, as root or with sudo.
END
}

say() { printf '\n==== [%4d s] %s: %s\n' $SECONDS "$name" "$1"; }

fail() {
  echo "tests/platforms/run.sh: $name: $1" >&2
  echo "$name: FAILED after $SECONDS s"
  exit 1
}

install() {  # PACKAGE...: installs those that are missing
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}\n' "$package" 2> /dev/null |
      grep -q ' installed$' || missing+=("$package")
  done
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  say "installing ${missing[*]}"
  apt_install "$build/install.log" "${missing[@]}" || fail "cannot install"
}

# Configures and builds a folder with warnings as errors.
build_with() {  # FOLDER CMAKE-OPTION...
  local folder=$1
  say "building $folder"
  rm -f "$folder/CMakeCache.txt"
  { configure_with "$@" && build_targets "$folder"; } > "$folder.log" 2>&1 || {
    grep -a -A 5 -m 10 -E '(error|FAILED|undefined)[: ]' "$folder.log" >&2 ||
      tail -n 40 "$folder.log" >&2
    fail "$folder does not build; see $folder.log"
  }
}

configure_with() {  # FOLDER CMAKE-OPTION...
  local folder=$1
  shift
  cmake -S . -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCNN_DEVELOPER=ON "$@"
}

build_targets() {  # FOLDER
  if [ "${targets[*]}" = objects ]; then
    # All except what readers are to solve, which has warnings until then.
    mapfile -t targets < <(ninja -C "$1" -t targets all |
      sed -n -e 's/^\(.*\.o\): .*/\1/p' |
      grep -v -E "/exercise-[0-9]|$left_out")
  fi
  cmake --build "$1" --parallel "$(nproc)" --target "${targets[@]}"
}

# Runs the tests that CMake knows, except those of the script and of all
# programs' options, which take minutes.
run_tests() {  # FOLDER CTEST-OPTION...
  local folder=$1 long='programs|program-[0-9].*|tutorial-script'
  shift
  say "tests in $folder"
  ctest --test-dir "$folder" --no-tests=error --output-on-failure \
    --parallel "$(nproc)" \
    --exclude-regex "^($long${leave:+|$leave})$" "$@" \
    > "$folder.tests.log" 2>&1 || {
    grep -A 40 'tests passed' "$folder.tests.log" >&2
    fail "tests fail; see $folder.tests.log"
  }
  grep 'tests passed' "$folder.tests.log"
}

# Runs chapters with --quick, in an emulator if words for one are given, and
# prints the headline of each.
run_chapters() {  # FOLDER EMULATOR-WORD... -- NN...
  local folder=$1 emulator=() chapter program began report
  shift
  while [ "$1" != -- ]; do emulator+=("$1"); shift; done
  shift
  for chapter in "$@"; do
    chapter=$(basename chapters/"$chapter"-*)
    program=$folder/chapters/$chapter/$chapter
    if [ -e "$program.exe" ]; then program=$program.exe; fi
    report=$folder/$chapter
    began=$SECONDS
    "${emulator[@]}" "$program" --quick --figures "$report.figures" \
      --report "$report.report" > "$report.txt" 2>&1 || {
      tail -n 40 "$report.txt" >&2
      fail "$chapter --quick ends with a status other than 0"
    }
    printf '%-12s %4d s  %s\n' "$chapter" $((SECONDS - began)) \
      "$(sed -n '/^figures = /!{p;q;}' "$report.report" | tr -d '\r')"
  done
}

# Prepares Catch2 and stb for a compiler that must not see this machine's
# headers: copies what Debian's packages hold, and lets Catch2's main be built
# anew.
foreign_libraries() {
  local to=$build/foreign
  mkdir -p "$to/include" "$to/cmake"
  cp -R /usr/include/catch2 /usr/include/stb "$to/include/"
  cp /usr/lib/cmake/Catch2/Catch*.cmake "$to/cmake/"
  printf '#define CATCH_CONFIG_MAIN\n#include <catch2/catch.hpp>\n' \
    > "$to/main.cpp"
  cat > "$to/cmake/Catch2Config.cmake" <<'END'
add_library(Catch2WithMain STATIC ${CMAKE_CURRENT_LIST_DIR}/../main.cpp)
target_include_directories(Catch2WithMain SYSTEM PUBLIC
  ${CMAKE_CURRENT_LIST_DIR}/../include)
set_target_properties(Catch2WithMain PROPERTIES CXX_STANDARD 20)
add_library(Catch2::Catch2WithMain ALIAS Catch2WithMain)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
END
  foreign=(-DCatch2_DIR="$to/cmake" -DSTB_INCLUDE_DIR="$to/include/stb")
}

install_clang14() {
  install clang-14 cmake ninja-build catch2 libstb-dev
}

# Compiles what clang14_sanitize does not.
clang14_part() {
  install_clang14
  targets=(objects)
  left_out='/unit-tests\.dir/|/solutions-[0-9]|/book-tool\.dir/'
  build_with "$build/build" -DCMAKE_CXX_COMPILER=clang++-14 \
    -DCMAKE_CXX_COMPILER_LAUNCHER="$PWD/tests/platforms/warnings_only.sh"
}

clang14_sanitize() {
  install_clang14
  install libclang-rt-14-dev
  # shellcheck disable=SC2086  # words
  CXX=clang++-14 $plain_addresses ./tutorial test sanitize
}

clang14() {
  leave=book-output-06-training  # its plain loops take two minutes
  install_clang14
  build_with "$build/build" -DCMAKE_CXX_COMPILER=clang++-14
  run_tests "$build/build"
}

clang19() {
  local library
  leave=book-output-06-training
  install clang-19 libc++-19-dev libc++abi-19-dev cmake ninja-build catch2 \
    libstb-dev
  foreign_libraries  # Debian's libCatch2WithMain.a needs libstdc++
  for library in libstdc++ libc++; do
    build_with "$build/$library" -DCMAKE_CXX_COMPILER=clang++-19 \
      -DCMAKE_CXX_FLAGS=-stdlib=$library "${foreign[@]}"
    run_tests "$build/$library"
  done
}

build_arm64() {
  install g++-aarch64-linux-gnu qemu-user cmake ninja-build catch2 \
    libstb-dev
  foreign_libraries
  emulator=(qemu-aarch64 -L /usr/aarch64-linux-gnu)
  build_with "$build/build" -DCMAKE_SYSTEM_NAME=Linux \
    -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ \
    "-DCMAKE_CROSSCOMPILING_EMULATOR=$(IFS=';'; echo "${emulator[*]}")" \
    "${foreign[@]}"
}

arm64() {
  build_arm64
  run_tests "$build/build" --timeout 3000
  run_chapters "$build/build" "${emulator[@]}" -- "${all_chapters[@]}"
}

arm64_part() {
  targets=(01-tensor 07-speed)
  build_arm64
  run_chapters "$build/build" "${emulator[@]}" -- 01 07
}

windows() {
  install g++-mingw-w64-x86-64-posix wine wine64 cmake ninja-build catch2 \
    libstb-dev
  foreign_libraries
  export WINEPREFIX=$build/wine WINEDEBUG=-all DISPLAY=
  export XDG_RUNTIME_DIR=$build
  build_with "$build/build" -DCMAKE_SYSTEM_NAME=Windows \
    -DCMAKE_SYSTEM_PROCESSOR=x86_64 \
    -DCMAKE_CXX_COMPILER=x86_64-w64-mingw32-g++-posix \
    -DCMAKE_EXE_LINKER_FLAGS=-static \
    -DCMAKE_CROSSCOMPILING_EMULATOR=wine "${foreign[@]}"
  run_tests "$build/build" --timeout 600
  run_chapters "$build/build" wine -- "${all_chapters[@]}"
}

# Compiles all headers of chapters that neither draw nor print, and the
# libraries that they need.
wasm() {
  install clang-14 lld-14 nodejs wasi-libc libc++-14-dev-wasm32 \
    libc++abi-14-dev-wasm32 libclang-rt-14-dev-wasm32
  find chapters -name '*.hpp' -not -path '*/exercises/*' \
    -not -path '*/solutions/*' -not -name 'figures*' -not -name 'steps_*' \
    -not -name 'live*' -exec grep -L CNN_ISA {} + | LC_ALL=C sort |
    sed 's|chapters/\(.*\)|#include "\1"|' > "$build/every_header.hpp"
  say "compiling $(grep -c . "$build/every_header.hpp") headers"
  clang++-14 --target=wasm32-wasi -mexec-model=reactor -std=c++20 -O2 \
    -msimd128 -ffp-contract=off -fno-exceptions -DNDEBUG -Wall -Wextra \
    -Wpedantic -Wconversion -Wshadow -Werror -I . -I chapters -I "$build" \
    -DCNN_ISA=portable tests/wasm/library.cpp \
    common/data/{dataset,formats}.cpp \
    chapters/07-speed/{fast_network,isa,kernels}.cpp \
    -o "$build/library.wasm"
  node tests/wasm/check.mjs "$build/library.wasm"
}

sanitize() {
  install g++ cmake ninja-build libstb-dev
  build_with "$build/build" --preset sanitize -DCMAKE_BUILD_TYPE=Debug \
    -DCNN_TESTS=OFF
  # shellcheck disable=SC2086  # words
  run_chapters "$build/build" $plain_addresses -- "${all_chapters[@]}"
}

# The rules are in .clang-tidy. Chapter 07's kernels are left out, because they
# are compiled once for each instruction set and consist of lanes.
tidy() {
  install clang-14 clang-tidy-14 cmake g++ ninja-build catch2 libstb-dev \
    shellcheck
  say "shellcheck"
  shellcheck tutorial .ci/run tests/*.sh tests/*/*.sh ||
    fail "shellcheck has found something"
  say "clang-tidy"
  cmake -S . -B "$build/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
    -DCNN_TESTS=OFF \
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON > "$build/configure.log" 2>&1 ||
    { tail -n 40 "$build/configure.log" >&2; fail "cannot configure"; }
  find common chapters -name '*.cpp' -not -name kernels.cpp |
    LC_ALL=C sort |
    xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 1 \
      clang-tidy-14 -p "$build/build" --quiet 2> /dev/null ||
    fail "clang-tidy has found something"
}

# Runs a command in Debian 13's folder, with nothing of this machine's
# environment but its proxies. All mounts end with the command.
inside() {  # FOLDER COMMAND
  # shellcheck disable=SC2016  # the shell in the new namespace expands it
  as_root unshare --mount --pid --fork bash -c '
    set -eu
    mount -t proc proc "$0/proc"
    mount --rbind /dev "$0/dev"
    exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
      ${http_proxy:+"http_proxy=$http_proxy"} chroot "$0" bash -c "$1"
  ' "$1" "cd /house && $2"
}

headlines() {  # FILE: its table of ./tutorial run without the seconds
  sed -n 's/^\([0-9][0-9]-[a-z]*\) *[0-9]* *\([0-9]* .*\)/\1 \2/p' "$1"
}

debian13() {
  local root=$build/root mirror
  install debootstrap debian-archive-keyring
  # shellcheck disable=SC2016  # apt-get's own words
  mirror=$(apt-get indextargets --format '$(REPO_URI)' \
    'Identifier: Packages' 'Label: Debian' | head -n 1)
  mirror=${mirror:-http://deb.debian.org/debian}
  eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
  export http_proxy=${http_proxy:-}
  say "debootstrap from $mirror"
  as_root rm -rf --one-file-system "$root"
  as_root unshare --mount debootstrap --variant=minbase trixie "$root" \
    "${mirror%/}" > "$build/debootstrap.log" 2>&1 ||
    { tail -n 20 "$build/debootstrap.log" >&2; fail "debootstrap failed"; }
  # Passes on what this machine's apt is told about network and clock.
  apt-config dump | grep -E '^Acquire::(https?|Check-[A-Za-z-]*)(::| )' |
    as_root tee "$root/etc/apt/apt.conf.d/90outside" > /dev/null || :
  as_root mkdir "$root/house"
  tar -c --exclude=./build --exclude=./data --exclude=./.git . |
    as_root tar -x --no-same-owner -C "$root/house"

  say "./tutorial run"
  inside "$root" './tutorial run' > "$build/run.log" 2>&1 ||
    { tail -n 40 "$build/run.log" >&2; fail "./tutorial run failed"; }
  tail -n 10 "$build/run.log"
  headlines README.md > "$build/expected.txt"
  headlines "$build/run.log" | diff "$build/expected.txt" - ||
    fail "the headlines are not the README's (<)"
  diff -r figures "$root/house/figures" ||
    fail "the figures are not the committed ones"
  echo "The headlines are the README's, the figures the committed ones."

  say "./tutorial test"
  inside "$root" './tutorial test' > "$build/test.log" 2>&1 || {
    grep -A 40 'tests passed' "$build/test.log" >&2 ||
      tail -n 40 "$build/test.log" >&2
    fail "./tutorial test failed; see $build/test.log"
  }
  inside "$root" 'c++ --version | head -n 1; cmake --version | head -n 1'
  grep 'tests passed' "$build/test.log"
}

# Runs a command where the source folder cannot be written to, not even by
# root. The mount ends with the command.
read_only() {  # COMMAND...
  # shellcheck disable=SC2016  # the shell in the new namespace expands it
  as_root unshare --mount bash -c '
    set -eu
    mount --bind "$0" "$0"
    mount -o remount,bind,ro "$0"
    cd "$0"
    exec "$@"' "$source_folder" "$@"
}

# Runs a command on one core, with little memory, no HOME and no locale;
# $runner is read_only or as_root.
scarcely() {  # COMMAND
  local status=0
  "$runner" env -i PATH="$PATH" taskset -c 0 bash -c \
    "ulimit -v 600000; cd '$elsewhere'; $1" \
    > "$elsewhere/out.txt" 2> "$elsewhere/err.txt" || status=$?
  echo $status > "$elsewhere/status.txt"
}

works() {  # COMMAND
  scarcely "$1"
  if [ "$(cat "$elsewhere/status.txt")" != 0 ]; then
    tail -n 20 "$elsewhere/out.txt" "$elsewhere/err.txt" >&2
    fail "this should work: $1"
  fi
  echo "works: $1"
}

# The command must end with status 1 or 2 and one line that holds WORDS.
says_why_not() {  # WORDS COMMAND
  scarcely "$2"
  case $(cat "$elsewhere/status.txt") in
    1 | 2)
      if [ "$(wc -l < "$elsewhere/err.txt")" = 1 ] &&
        grep -q "$1" "$elsewhere/err.txt"; then
        echo "says why not: $2"
        sed 's/^/    /' "$elsewhere/err.txt"
        return 0
      fi
      ;;
  esac
  tail -n 20 "$elsewhere"/{status,out,err}.txt >&2
  fail "expected one line with '$1' from: $2"
}

small() {
  local folder chapter runner=read_only
  install g++ cmake ninja-build catch2 libstb-dev util-linux
  elsewhere=$(mktemp -d)
  trap 'rm -rf "$elsewhere"' EXIT
  say "building in $elsewhere, the source read-only"
  if read_only touch README.md 2> /dev/null; then
    fail "the source folder can be written to after all"
  fi
  {
    read_only cmake -S . -B "$elsewhere/build" -G Ninja \
      -DCMAKE_BUILD_TYPE=Release &&
      read_only cmake --build "$elsewhere/build" --parallel "$(nproc)"
  } > "$build/build.log" 2>&1 ||
    { tail -n 40 "$build/build.log" >&2; fail "it does not build"; }

  say "the programs"
  for folder in "$elsewhere"/build/chapters/[0-9]*; do
    chapter=$(basename "$folder")
    works "build/chapters/$chapter/$chapter --quick --figures $chapter"
    says_why_not 'cannot write into' \
      "build/chapters/$chapter/$chapter --quick"
  done
  says_why_not 'expected 256 threads, but the system gave' \
    "build/chapters/07-speed/07-speed --threads 256 --bench train"
  says_why_not 'cannot write into' \
    "/bin/bash '$source_folder/tutorial' run 01"
  works "/bin/bash '$source_folder/tutorial' help"

  # The tests of the programs' figures draw into the source folder.
  say "the unit tests, the source not read-only"
  runner=as_root
  works "build/tests/unit-tests '~[slow]'"
  grep -E 'test cases|tests passed' "$elsewhere/out.txt"
}

begin() {  # NAME
  name=$1
  build=$source_folder/build/platforms/$name
  targets=(all)  # that build_with() builds
  leave=""       # tests that run_tests() leaves out
  mapfile -t all_chapters < <(basename -a chapters/[0-9]* | cut -c 1-2)
  mkdir -p "$build"
}

case ${1:-} in
  clang14) begin "$1"; clang14 ;;
  clang14-part) begin "$1"; clang14_part ;;
  clang14-sanitize) begin "$1"; clang14_sanitize ;;
  clang19) begin "$1"; clang19 ;;
  debian13) begin "$1"; debian13 ;;
  arm64) begin "$1"; arm64 ;;
  arm64-part) begin "$1"; arm64_part ;;
  windows) begin "$1"; windows ;;
  wasm) begin "$1"; wasm ;;
  sanitize) begin "$1"; sanitize ;;
  tidy) begin "$1"; tidy ;;
  small) begin "$1"; small ;;
  *) usage >&2; exit 2 ;;
esac
printf '\n%s: passed in %d s\n' "$name" $SECONDS
