# The worker with a JDK and Maven. Debian's Gradle is 4.4, older than its own JDK allows: Gradle
# projects bring their wrapper (./gradlew).
ARG HAL9000_WORKER
FROM ${HAL9000_WORKER}
# Slim images have no directory for man pages, and the JDK's set-up fails where it cannot link its own.
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      default-jdk-headless maven \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/*
RUN java -version && javac -version && mvn --version
