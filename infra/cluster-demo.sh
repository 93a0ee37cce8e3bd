#!/bin/sh
# A cluster on this machine: Redis, three silos, a run of 1,000 dialogues, its status. Ends all of it and leaves nothing behind.
# Usage: infra/cluster-demo.sh PROGRAM [COUNT]
set -eu
program=$1
count=${2:-1000}

if ! command -v redis-server > /dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    apt-get update -qq && apt-get install -y -qq redis-server > /dev/null
  else
    echo "redis-server is not installed; install it, or run this as root where apt-get is" >&2
    exit 1
  fi
fi

folder=$(mktemp -d)
silos=""
redis=""
# Silos that stop without Redis wait a minute for it.
end() {
  for process in $silos; do kill "$process" 2> /dev/null || true; done
  for process in $silos; do wait "$process" 2> /dev/null || true; done
  [ -z "$redis" ] || { kill "$redis" 2> /dev/null || true; wait "$redis" 2> /dev/null || true; }
  rm -rf "$folder"
}
trap end EXIT
trap 'exit 130' INT TERM

# A Redis that finds its port taken ends at once.
mkdir "$folder/redis" "$folder/runs"
port=16379
while :; do
  redis-server --port $port --bind 127.0.0.1 --dir "$folder/redis" --appendonly yes --save '' > "$folder/redis.log" & redis=$!
  until grep -q "Ready to accept" "$folder/redis.log"; do kill -0 $redis 2> /dev/null || break; sleep 0.1; done
  kill -0 $redis 2> /dev/null && break
  port=$((port + 1))
  [ $port -lt 16479 ] || { cat "$folder/redis.log" >&2; exit 1; }
done

config=$folder/cluster.json
printf '{"ConvoSynth": {"Cluster": {"Redis": "127.0.0.1:%s", "Runs": "%s/runs"}}}\n' $port "$folder" > "$config"
for silo in 1 2 3; do
  "$program" silo --config "$config" > "$folder/silo$silo.log" 2>&1 & silos="$! $silos"
done
for silo in 1 2 3; do
  until grep "has joined" "$folder/silo$silo.log"; do
    for process in $silos; do kill -0 "$process" 2> /dev/null || { cat "$folder"/silo*.log >&2; exit 1; }; done
    sleep 0.2
  done
done

printf 'domains: [library, retail, airline]\nseed: 1\nfault_rate: 0.2\nerror_rate: 0.1\npartition_size: 100\n' > "$folder/demo.yaml"
"$program" submit "$folder/demo.yaml" --count "$count" --cluster "$config"
"$program" status --cluster "$config"
"$program" status demo --watch --cluster "$config"
"$program" list --cluster "$config"
