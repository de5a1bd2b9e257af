#!/bin/sh
# Runs every test file, or those given: sh test/run.sh test/store/*.test.ts. The shell finds the files: node 20 takes no glob here.
# A file ends when its tests have: Node 20 may spin for ever on a socket that closes while it cleans up.
set -eu
run() {
  at_once=$1
  shift
  node --import tsx --test --test-force-exit --test-reporter=spec --test-concurrency="$at_once" "$@"
}
[ $# -eq 0 ] || { run 2 "$@"; exit; }

# The clock of the long one of test/cluster runs sixty times as fast as ours: what starves it for a moment blinds it for a minute. It has one core, light files the other.
light=$(find test/domain test/views test/http test/services -name '*.test.ts' -o -name '*.test.tsx' | sort)
status=0
# shellcheck disable=SC2086
run 2 test/cluster/cluster.test.ts $light || status=1
# Much of the others is waiting.
others=$(find test -name '*.test.ts' -o -name '*.test.tsx' | grep -vE '^test/(domain|views|http|services|cluster/cluster\.test)' | sort)
# shellcheck disable=SC2086
run 3 $others || status=1
exit $status
