# Podman of one Debian release, to be run in a container of another engine: see scripts/matrix.
# The label lets `hal-9000 image prune` clear it away, as scripts/test does at its end.
FROM debian:trixie-slim
LABEL hal9000.role=test-engine
ARG SUITE
# A machine whose clock is ahead of its mirror's is no reason not to test on it.
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends procps \
 && echo "deb http://deb.debian.org/debian $SUITE main" > /etc/apt/sources.list.d/engine.list \
 && apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      --target-release "$SUITE" podman crun netavark aardvark-dns iptables nftables catatonit \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
RUN podman --version
# Podman itself is started beside this, so that it can be ended and started again.
CMD ["sleep", "infinity"]
