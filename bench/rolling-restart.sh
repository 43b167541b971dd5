#!/usr/bin/env bash
# rolling-restart.sh: one proxy takes over from another several times (-R) while clients connect and work; counts what failed, and ends with 1 where anything did.
#
#     bench/rolling-restart.sh POOLPROXY [RESTARTS] [SECONDS_BETWEEN]
#
# POOLPROXY is the published program. It needs psql, pgbench and the programs of a PostgreSQL server (PATH, or /usr/lib/postgresql/*/bin), and leaves nothing behind.
# Half of the load connects anew for every transaction, by TCP and by the Unix socket; the rest stays for two seconds and connects again, as pools do whose
# connections have a lifetime. As root everything runs as the user postgres.
set -euo pipefail
proxy=$(readlink -f "$1"); restarts=${2:-5}; pause=${3:-4}
bin=$(dirname "$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb | sort -V | tail -1)")
place=$(mktemp -d /tmp/pp-restart-XXXXXX); chmod 755 "$place"
own() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown postgres "$place"
stop() { trap - EXIT; [ ! -f "$place/proxy.pid" ] || kill -QUIT "$(cat "$place/proxy.pid")" || true; own "$bin/pg_ctl" -D "$place/pg" -m immediate stop >/dev/null || true; rm -rf "$place"; }
trap stop EXIT
port=$((20000 + RANDOM % 10000)); server=$((port + 1))
own "$bin/initdb" -D "$place/pg" -A trust -E UTF8 --locale=C >/dev/null
own "$bin/pg_ctl" -D "$place/pg" -o "-p $server -k $place -c listen_addresses= -c fsync=off -c max_connections=200" -l "$place/pg.log" -w start >/dev/null
cat > "$place/pool.toml" <<TOML
[proxy]
listen_addr = "127.0.0.1"
listen_port = $port
unix_socket_dir = "$place"
auth_type = "any"
pool_mode = "transaction"
max_client_conn = 1000
pidfile = "$place/proxy.pid"
logfile = "$place/proxy.log"
log_connections = 0
log_disconnections = 0
[databases."*"]
host = "$place"
port = $server
user = "postgres"
TOML
printf 'begin;\nselect 1;\nselect 2;\ncommit;\n' > "$place/work.sql"
own "$proxy" -d "$place/pool.toml"
seconds=$((restarts * (pause + 2) + pause))
load() { pgbench -n -U postgres -p "$port" -f "$place/work.sql" "$@" postgres; }
load -h 127.0.0.1 -C -c 8 -j 2 -T "$seconds" > "$place/tcp.out" 2>&1 & tcp=$!
load -h "$place" -C -c 4 -j 1 -T "$seconds" > "$place/unix.out" 2>&1 & unix=$!
( end=$((SECONDS + seconds)); while [ $SECONDS -lt $end ]; do load -h 127.0.0.1 -c 6 -j 1 -T 2 || echo "pgbench ended with $?"; done ) > "$place/stay.out" 2>&1 & stay=$!
for ((i = 1; i <= restarts; i++)); do
    sleep "$pause"; before=$(cat "$place/proxy.pid")
    own "$proxy" -R -d "$place/pool.toml"
    for ((w = 0; w < 300; w++)); do [ -d "/proc/$before" ] || break; sleep 0.1; done
    [ ! -d "/proc/$before" ] || { echo "process $before has not gone"; exit 1; }
    echo "restart $i: process $before went, $(cat "$place/proxy.pid") serves"
done
result=0; wait $tcp || result=1; wait $unix || result=1; wait $stay || result=1
connections=$(cat "$place/tcp.out" "$place/unix.out" | awk '/actually processed/ { n += $NF } END { print n + 0 }')
stayed=$(awk '/actually processed/ { n += $NF } END { print n + 0 }' "$place/stay.out")
runs=$(grep -c 'actually processed' "$place/stay.out" || true)
failed=$(cat "$place/tcp.out" "$place/unix.out" "$place/stay.out" | awk '/number of failed transactions/ { n += $5 } /error|abort|ended with/ { n++ } END { print n + 0 }')
echo "restarts $restarts, connections $((connections + runs * 6)), transactions $((connections + stayed)), failed $failed"
[ "$failed" = 0 ] && [ $result = 0 ]
