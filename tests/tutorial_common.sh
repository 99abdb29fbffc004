# What the tests of the script `tutorial` share, each of which reads this file
# first: a copy of the script in a folder of its own, and functions that run
# it and check what it does.
# shellcheck shell=bash disable=SC2034  # what is set here is used there
set -u -o pipefail
unset CDPATH CNN_BUILD_DIR CNN_PRESET CNN_WASM_COMPILER CHROME

source_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
server=""
clean_up() {
  if [ -n "$server" ]; then kill "$server" 2> /dev/null; fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir -p "$work/house/chapters/01-tensor" "$work/house/chapters/02-convolution"
touch "$work"/house/chapters/{01-tensor,02-convolution}/main.cpp
cp "$source_folder/tutorial" "$work/house/"
echo "project(PixelsToPredictions VERSION 1.2.3)" \
  > "$work/house/CMakeLists.txt"
cd "$work/house" || exit 1

output="" status=0
run() {  # ARGUMENT...: runs the script, keeps its output and its status
  status=0
  output=$(bash ./tutorial "$@" 2>&1 < /dev/null) || status=$?
}

check() {  # NAME COMMAND...: prints a line, and ends if the command fails
  local name=$1
  shift
  if "$@"; then
    echo "ok: $name"
  else
    echo "FAILED: $name"
    echo "status $status, output:"
    echo "$output" | head -c 2000
    exit 1
  fi
}

ends_with() { [ "$status" -eq "$1" ]; }
says() { case $output in *"$1"*) ;; *) return 1 ;; esac; }
silent_on() { ! says "$1"; }
lines() { [ "$(wc -l <<< "$output" | tr -d ' ')" = "$1" ]; }
same() { cmp -s "$1" "$2"; }
absent() { [ ! -e "$1" ]; }

wait_for() {  # COMMAND...: at most ten seconds
  local tenths=0
  until "$@" 2> /dev/null; do
    tenths=$((tenths + 1))
    if [ $tenths -gt 100 ]; then return 1; fi
    sleep 0.1
  done
}

# Starts the script in the background, with its output in a file. It has its
# own process group, so that a signal arrives as Ctrl-C's does. A test that is
# itself in the background may ignore Ctrl-C, which Perl undoes (macOS and
# Debian always have it).
start_script() {  # ARGUMENT...
  set -m
  perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' bash ./tutorial "$@" \
    > "$work/output" 2>&1 < /dev/null &
  script=$!
  set +m
}

script_ended() { ! kill -0 "$script"; }

interrupt_script() {  # kills it if it hangs, which gives another status
  kill -INT -- "-$script"
  wait_for script_ended || kill -KILL -- "-$script"
  status=0
  wait "$script" || status=$?
  output=$(cat "$work/output")
}

program() {  # NAME: makes a program of the text on standard input
  mkdir -p "build/release/chapters/$1"
  { echo '#!/usr/bin/env bash'; cat; } > "build/release/chapters/$1/$1"
  chmod +x "build/release/chapters/$1/$1"
}

# Puts scripts in place of the tools, so that nothing is built and, above all,
# nothing installed.
usual_path=$PATH
fake_tools() {
  local name
  mkdir "$work/bin"
  for name in ninja sudo apt-get dnf brew git; do
    printf '#!/bin/sh\nexit 0\n' > "$work/bin/$name"
  done
  cat > "$work/bin/cmake" <<END
#!/bin/sh
echo "cmake \$* generator \$CMAKE_GENERATOR" >> "$work/cmake_calls"
case \$1 in
  --preset) if [ -e "$work/no_compiler" ]; then exit 1; fi ;;
  --build) if [ -e "$work/broken" ]; then echo "the compiler's words"; exit 1; fi
esac
END
  chmod +x "$work"/bin/*
  export PATH=$work/bin:$PATH CXX=sh
}
