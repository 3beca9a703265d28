# The docker engine of one Debian release, to be run in a container of another engine: see nested.rs.
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
      --target-release "$SUITE" docker.io iptables \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
# What engines grant only if they are told to, so that a guard's refusal of it can be proven.
RUN if [ "$SUITE" != bookworm ]; then mkdir -p /etc/docker \
 && echo '{"builder": {"Entitlements": {"security-insecure": true}}}' > /etc/docker/daemon.json; fi
RUN dockerd --version
# The engine itself is started beside this, so that it can be ended and started again.
CMD ["sleep", "infinity"]
