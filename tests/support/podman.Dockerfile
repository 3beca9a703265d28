FROM debian:trixie-slim
LABEL hal9000.role=test-engine
ARG SUITE
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends procps \
 && echo "deb http://deb.debian.org/debian $SUITE main" > /etc/apt/sources.list.d/engine.list \
 && apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      --target-release "$SUITE" podman crun netavark aardvark-dns iptables nftables catatonit \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
RUN podman --version
CMD ["sleep", "infinity"]
