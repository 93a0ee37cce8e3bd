#!/bin/sh
# Runs the built test projects two at a time: many of them wait for processes, leases and deaths more than they compute.
# The longest go first, so that none of them is left to end alone. `make test` adds the results up afterwards.
# Usage: tests/run.sh FOLDER-OF-RESULTS
set -eu
cd "$(dirname "$0")/.."
longest="Cli Orleans Cluster Domains Review Serve Docs Runs Simulation"
others=$(for project in tests/*.Tests; do name=${project#tests/ConvoSynth.}; echo "${name%.Tests}"; done)
# One project's words stay together: it prints them when it has ended.
printf '%s\n' $longest $others | awk '!seen[$0]++' | xargs -P 2 -I {} sh -c '
  log=$(dotnet test tests/ConvoSynth.{}.Tests -c Release --no-build -v q --nologo -p:TestResults="$1" 2>&1) && status=0 || status=1
  printf "%s\n" "$log"
  exit $status' sh "$1"
