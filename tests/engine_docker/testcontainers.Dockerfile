# A session's image with Python and what Testcontainers needs, of Debian: see testcontainers.rs. The
# label lets `hal-9000 image prune` clear it away.
FROM debian:trixie-slim
LABEL hal9000.role=test-engine
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      python3-docker python3-dotenv python3-typing-extensions python3-wrapt \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
