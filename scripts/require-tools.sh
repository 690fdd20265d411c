#!/bin/sh
# Says what is missing on this machine, and how to get it, before npm fails in words of its own.
set -eu

fail() {
  echo "make: $1" >&2
  exit 1
}

command -v node >/dev/null 2>&1 ||
  fail "Node.js is not installed. Version 20.19 or newer is needed: https://nodejs.org/en/download"
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  fail "Node.js $(node --version) is too old. Version 20.19 or newer is needed: https://nodejs.org/en/download"
command -v npm >/dev/null 2>&1 ||
  fail "npm is not installed. It comes with Node.js: https://nodejs.org/en/download"
command -v git >/dev/null 2>&1 ||
  fail "git is not installed. On Debian: apt-get install git; else https://git-scm.com/downloads"
