#!/usr/bin/env bash
# Tests of when `./tutorial site` builds and where it serves, and of
# `./tutorial release`: scripts stand in for node, npm, pandoc and CMake.
# Prints one line per check, ends with status 1 at the first that fails.
# shellcheck source=tests/tutorial_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/tutorial_common.sh"
if ! command -v git > /dev/null || ! command -v perl > /dev/null; then
  echo "skipped: git or perl is missing"
  exit 0
fi
fake_tools
rm "$work/bin/git"  # because release needs the real one
for name in clang++ clang++-14 clang++-15 clang++-16 clang++-17 clang++-18 \
  clang++-19; do  # so there is no live page
  printf '#!/bin/sh\nexit 1\n' > "$work/bin/$name"
done

# Ports 5173 to 5175 are taken, all others free.
cat > "$work/bin/node" <<END
#!/usr/bin/env bash
echo "node \$*" >> "$work/node_calls"
case "\$*" in
  *createServer*)
    if [ "\${@: -1}" = 80 ]; then exit 3; fi  # not allowed
    for port in \$(seq "\${@: -2:1}" "\${@: -1}"); do
      case \$port in 517[345]) ;; *) echo \$port; exit 0 ;; esac
    done
    exit 1 ;;
  *vitepress.js*)
    if [ -e "$work/broken" ]; then exit 1; fi
    mkdir -p build/site/dist
    echo page > build/site/dist/index.html ;;
esac
END
printf '#!/bin/sh\nmkdir -p build/site/node_modules\n' > "$work/bin/npm"
cat > "$work/bin/pandoc" <<'END'
#!/usr/bin/env bash
while [ "$1" != --output ]; do shift; done
echo "book of $SOURCE_DATE_EPOCH" > "$2"
END
chmod +x "$work"/bin/*
mkdir -p book/.vitepress common figures tests
touch book/.vitepress/package{,-lock}.json README.md LICENSE CMakePresets.json
touch book/01-tensor.md
mkdir -p build/site/epub
touch build/site/epub/pages.txt

built() { grep -c vitepress.js "$work/node_calls"; }
builds() {  # COUNT: whether it was built COUNT times since the last call
  local count
  count=$(built)
  rm -f "$work/node_calls"
  [ "$count" -eq "$1" ]
}
serves_at() { grep -q "serve.mjs build/site/dist $1\$" "$work/node_calls"; }

# ---- When it builds ------------------------------------------------------

touch "$work/node_calls"
run site
check "site builds" ends_with 0
check "... the site" builds 1
check "... and says what is next" says "Next: ./tutorial site --serve"
run site --serve
check "site --serve serves it at a free port" serves_at 5176
check "... and does not build it again" builds 0
check "... as it says" says "build/site/dist is up to date"
run site
check "site alone does" builds 1
rebuilt() {  # WHAT
  run site --serve
  check "$1 is built again" builds 1
  run site --serve
  check "... once" builds 0
}
sleep 0.02
touch book/01-tensor.md
rebuilt "a page that is newer"
mkdir -p chapters/03-pooling
touch chapters/03-pooling/main.cpp
rebuilt "a file that is new"
rm figures/../chapters/03-pooling/main.cpp
rebuilt "a site of a file that is gone"
export BASE=/elsewhere/
rebuilt "a site for another place"
unset BASE
rebuilt "... and back"
touch "$work/broken" book/01-tensor.md
run site --serve
check "a site that cannot be built ends with status 1" ends_with 1
rm "$work/broken" "$work/node_calls"
rebuilt "... and then"
# With a clang for WebAssembly it would have the live page, so it is built anew.
printf '#!/bin/sh\nexit 0\n' > "$work/bin/clang++"
run site --serve
check "a live page that can be had now is built" says "18-browser"
printf '#!/bin/sh\nexit 1\n' > "$work/bin/clang++"
run site
rm "$work/node_calls"

# ---- The port, before anything is built ----------------------------------

touch book/01-tensor.md
run site --serve 5174
check "a port that is taken ends with status 1" ends_with 1
check "... after one line" lines 1
check "... that names it, and another" \
  says "port 5174 is taken: name another one, as in ./tutorial site --serve 6174"
check "... before anything is built" builds 0
run live 5175
check "live's as well" says "live: port 5175 is taken"
check "... after one line" lines 1
run site --serve 80
check "a port that one may not serve at is not called taken" \
  says "site --serve: you may not serve at port 80: name one from 1024 on, as in ./tutorial site --serve 5173"
check "... in one line" lines 1
check "... with status 1" ends_with 1
CHROME=/nowhere/chromium run site --test
check "a CHROME that is not there ends with status 1" ends_with 1
check "... after one line" lines 1
check "... that names it" \
  says "CHROME is '/nowhere/chromium', which is not there: set it to"
check "... before anything is built" builds 0
run site --serve 5180
check "a port that is free is taken" serves_at 5180
run site --serve 65536
check "there are 65535 ports" ends_with 2
check "... as one line says" lines 1

# ---- release -------------------------------------------------------------

program 16-saving <<'END'
if [ "$1" = export ]; then echo "graph of $(cat "$2")" > "$4"; fi
END
mkdir -p chapters/16-saving/weights
echo "numbers" > chapters/16-saving/weights/digits.safetensors
echo "card" > chapters/16-saving/weights/MODEL_CARD.md
printf '/build/\n' > .gitignore
echo "version: 1.2.4" > CITATION.cff
run release
check "release in no clone ends with status 1" ends_with 1
check "... after one line" lines 1
git init -q . && git add -A
git -c user.name=me -c user.email=me@here commit -q -m "All" 2> /dev/null
run release now
check "release takes no word" ends_with 2
echo "changed" > README.md
run release
check "release of what is not committed ends with status 1" ends_with 1
check "... after one line" lines 1
check "... that says why" says "git status shows changes"
check "... and makes nothing" absent build/release-files
git checkout -q README.md
run release
check "release of two versions ends with status 1" ends_with 1
check "... after one line" lines 1
check "... that says both" says "version 1.2.3, CITATION.cff says '1.2.4'"
echo "version: 1.2.3" > CITATION.cff
git -c user.name=me -c user.email=me@here commit -q -a -m "Agree"
run release
check "release makes one" ends_with 0
files=build/release-files
name=pixels-to-predictions-1.2.3
check "... with these files alone" test \
  "$(find $files -type f -exec basename {} \; | LC_ALL=C sort | tr '\n' ' ')" = \
  "SHA256SUMS digits-card.md digits.onnx digits.safetensors\
 $name-site.tar.gz $name-source.tar.gz $name.epub "
sums_hold() {
  (cd $files && { sha256sum -c SHA256SUMS || shasum -a 256 -c SHA256SUMS; } \
    > /dev/null 2>&1)
}
check "... whose sums hold" sums_hold
check "... of all but themselves" \
  test "$(wc -l < $files/SHA256SUMS | tr -d ' ')" = 6
holds() { gzip -dc < "$files/$1" | tar -tf - | grep -xF -e "$2" > /dev/null; }
check "... the source" holds $name-source.tar.gz $name/README.md
check "... the site" holds $name-site.tar.gz $name-site/index.html
check "... the exported network" grep -qx "graph of numbers" $files/digits.onnx
before=$(cat $files/SHA256SUMS)
sleep 1
touch build/site/dist/index.html
run release
if tar --version 2> /dev/null | grep -q GNU; then
  check "... the same bytes the next time" \
    test "$(cat $files/SHA256SUMS)" = "$before"
fi
touch "$work/broken"
run release
check "a release that fails ends with status 1" ends_with 1
check "... and leaves the one before" sums_hold
echo "all checks passed"
