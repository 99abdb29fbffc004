# shellcheck shell=bash
# For programs with sanitizers: read by .ci/run and tests/platforms/run.sh.

# Older sanitizer runtimes cannot lay out their memory if the kernel randomises
# addresses too much. These words, before such a program, switch that off
# where it is allowed.
export plain_addresses=""
if setarch "$(uname -m)" -R true 2> /dev/null; then
  plain_addresses="setarch $(uname -m) -R"
fi
export UBSAN_OPTIONS=print_stacktrace=1
