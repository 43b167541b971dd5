#!/bin/sh
# Guards one throwaway cluster for as long as its parent lives.
# usage: guard.sh ROOT TEMPLATE BIN USER GROUP   (USER is empty where the parent is not root)
#
# The parent talks to it in lines on stdin and reads its answers on stdout. The end of stdin is the end of the
# parent, however it came (dispose, exit, kill -9): the server is stopped at once and the folder removed.
# A pipe is used and not PR_SET_PDEATHSIG, because that signal follows the parent's thread, and .NET's threads end early.
set -u
root=$1 template=$2 bin=$3 user=$4 group=$5
pid=
# A Ctrl-C or a closed terminal reaches the parent; only the parent's end counts here. PIPE: the parent may be gone mid-answer.
trap '' HUP INT TERM PIPE
umask 077

# The postmaster's state letter, empty when it is gone.
state() {
    [ -n "$pid" ] && read -r _ _ letter _ 2>/dev/null <"/proc/$pid/stat" && echo "$letter"
}

finish() {
    tries=0
    while letter=$(state) && [ -n "$letter" ] && [ "$letter" != Z ]; do
        # Repeated: a server that is only just starting has no handler yet, a stopped one must first go on.
        if [ $tries -lt 300 ]; then kill -QUIT "$pid"; kill -CONT "$pid"; else kill -KILL "$pid"; fi 2>/dev/null
        tries=$((tries + 1))
        sleep 0.02
    done
    rm -rf "$root"
}

if ! { mkdir "$root" && cp -a "$template" "$root/data" && mkdir "$root/s"; }; then
    rm -rf "$root"
    exit 1
fi
if [ -n "$user" ]; then
    chown "$user:$group" "$root" "$root/s" || { rm -rf "$root"; exit 1; }
    # The death signal guards against the end of this guard: it is one thread, so here the signal is sound.
    set -- setpriv --reuid "$user" --regid "$group" --clear-groups --pdeathsig INT "$bin/postgres" -D "$root/data"
else
    set -- setpriv --pdeathsig INT "$bin/postgres" -D "$root/data"
fi
echo ready

while read -r command; do
    case $command in
    start)
        "$@" </dev/null >>"$root/server.log" 2>&1 &
        pid=$!
        echo "started $pid"
        ;;
    reap)
        wait "$pid"
        echo "exited $?"
        pid=
        ;;
    esac
done
finish
