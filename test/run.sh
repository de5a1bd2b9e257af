#!/bin/sh
# Runs the test files, or those given: sh test/run.sh test/store/*.test.ts. The shell finds the files: node 20 takes no glob here.
# --cluster: the two that take three minutes each and the machine for themselves.
# A file ends when its tests have (Node 20 may spin for ever on a socket that closes while it cleans up), and none of them may wait for ever.
set -eu
translated=--enable-source-maps
run() {
  at_once=$1
  shift
  # shellcheck disable=SC2086
  node $translated --test --test-force-exit --test-timeout=300000 --test-reporter=spec --test-concurrency="$at_once" "$@"
}
if [ "${1:-}" = --cluster ]; then
  translated='--import tsx'
  run 1 test/cluster/cluster.test.ts test/cluster/faults.test.ts
  exit
fi
if [ $# -gt 0 ]; then
  translated='--import tsx'
  run 2 "$@"
  exit
fi

# All at once: a hundred processes that each translate what they need take a minute longer.
rm -rf dist-test
npx --no-install tsc -p test/tsconfig.json
in_order() { find dist-test/test -name '*.test.js' | grep "$@" | sort; }

# The longest begin first: at the end nobody waits for one of them alone.
longest='e2e/pages|store/contract|process/(kill|copy)|store/(races|copy)|simulation|e2e/(roles|main-job|by-keyboard)'
# Lives of hours with killed nodes and broken networks, whose clocks run sixty times as fast as ours: they need the machine for themselves.
alone='cluster/(cluster|faults)'
# shellcheck disable=SC2046
run 3 $(in_order -E "$longest") $(in_order -vE "$alone|$longest")
