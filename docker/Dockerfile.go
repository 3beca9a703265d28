# The worker with Go, and the C compiler that cgo calls.
ARG HAL9000_WORKER
FROM ${HAL9000_WORKER}
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      gcc golang libc6-dev \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
RUN go version && gcc --version
