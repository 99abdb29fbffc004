# What the scripts that install Debian's packages for the tests share.
# shellcheck shell=bash

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# apt-get's output goes into the file LOG, and is shown if it fails.
apt_install() {  # LOG PACKAGE...
  local log=$1
  shift
  {
    as_root apt-get update -qq &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
        --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
  } > "$log" 2>&1 || {
    tail -n 40 "$log" >&2
    echo "$0: apt-get cannot install $*" >&2
    return 1
  }
}
