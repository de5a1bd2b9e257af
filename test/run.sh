#!/bin/sh
# Runs every test file, or those given: sh test/run.sh test/store/*.test.ts. The shell finds the files: node 20 takes no glob here.
# A file ends when its tests have (Node 20 may spin for ever on a socket that closes while it cleans up), and none of them may wait for ever.
set -eu
translated=--enable-source-maps
run() {
  at_once=$1
  shift
  # shellcheck disable=SC2086
  node $translated --test --test-force-exit --test-timeout=300000 --test-reporter=spec --test-concurrency="$at_once" "$@"
}
if [ $# -gt 0 ]; then
  translated='--import tsx'
  run 2 "$@"
  exit
fi

# All at once: a hundred processes that each translate what they need take a minute longer.
rm -rf dist-test
npx --no-install tsc -p test/tsconfig.json
in_order() { find dist-test/test -name '*.test.js' | grep "$@" | sort; }

# The clock of the long one of test/cluster runs sixty times as fast as ours: what starves it for a moment blinds it for a minute. It has one core, files that
# wait for nobody have the other.
light='/test/(domain|views|http)/'
# The longest begin first: at the end nobody waits for one of them alone.
longest='cluster/faults|e2e/pages|store/contract|process/(kill|copy)|store/(races|copy)|simulation|e2e/(roles|main-job|by-keyboard)'
status=0
# shellcheck disable=SC2046
run 2 dist-test/test/cluster/cluster.test.js $(in_order -E "$light") || status=1
# shellcheck disable=SC2046
run 3 $(in_order -E "$longest") $(in_order -vE "$light|cluster/cluster|$longest") || status=1
exit $status
