#!/bin/sh
# Runs every test file, or those given: sh test/run.sh test/store/*.test.ts. The shell finds the files: node 20 takes no glob here.
# By their own names, so that the two long ones of test/cluster do not run beside each other. Three at once on two cores: much of it is waiting.
# A file ends when its tests have: Node 20 may spin for ever on a socket that closes while it cleans up.
set -eu
[ $# -gt 0 ] || set -- $(find test -name '*.test.ts' -o -name '*.test.tsx' | awk -F/ '{ print $NF, $0 }' | sort | cut -d ' ' -f 2)
exec node --import tsx --test --test-force-exit --test-reporter=spec --test-concurrency=3 "$@"
