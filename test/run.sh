#!/bin/sh
# Runs every test file, or those given: sh test/run.sh test/store/*.test.ts. The shell finds the files: node 20 takes no glob here.
set -eu
[ $# -gt 0 ] || set -- $(find test -name '*.test.ts' -o -name '*.test.tsx' | sort)
exec node --import tsx --test --test-reporter=spec --test-concurrency=2 "$@"
