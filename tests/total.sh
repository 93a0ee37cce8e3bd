#!/bin/sh
# Names the tests that failed and adds up the results (*.trx) of the test projects, one file each. Fails where a test failed or a
# project left no result.
# Usage: tests/total.sh FOLDER
set -eu
results=$1
missing=0
for project in "$(dirname "$0")"/*.Tests; do
  name=${project##*/}
  # A project without code, or one that the solution does not build, has nothing to run.
  grep -q "$name.csproj" "$(dirname "$0")/../ConvoSynth.sln" || continue
  [ -n "$(find "$project" -name '*.cs' | head -n 1)" ] || continue
  [ -e "$results/$name.trx" ] && continue
  echo "$name gave no result: it did not build, or it broke off"
  missing=$((missing + 1))
done
ls "$results"/*.trx >/dev/null 2>&1 || { echo "0 passed, $missing failed, 0 skipped"; exit 1; }
# The names stand beside the sum: a log that is cut to its end still has them.
grep -ho '<UnitTestResult [^>]*outcome="Failed"[^>]*' "$results"/*.trx | sed 's/.*testName="\([^"]*\)".*/failed: \1/' || true
awk -v missing="$missing" '
  function number(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0 : 0 }
  /<Counters / {
    passed += number("passed")
    failed += number("executed") - number("passed")
    skipped += number("total") - number("executed")
  }
  END {
    failed += missing
    printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
    exit failed > 0 || passed == 0
  }' "$results"/*.trx
