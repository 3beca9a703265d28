#!/bin/sh
# Podman's docker-compatible socket at $1, for the group $2, in a container of another engine.
set -eu
# crun refuses a machine that has both versions of control groups.
umount /sys/fs/cgroup/unified 2>/dev/null || true
# Podman asks for the limits of a machine that it has for itself.
files=$(bash -c 'ulimit -Hn')
processes=$(bash -c 'ulimit -Hu')
printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=%s:%s"]\n' \
    "$files" "$files" "$processes" "$processes" >/etc/containers/containers.conf
rm -f "$1"
podman --log-level=info system service --time=0 "unix://$1" >/var/log/podman.log 2>&1 &
while [ ! -S "$1" ]; do
    kill -0 $!
    sleep 0.1
done
chgrp "$2" "$1"
chmod 660 "$1"
wait
