# What the tests know as alpine and busybox: Debian's busybox, and the users and places that they ask
# for. The label lets `hal-9000 image prune` clear it away.
FROM debian:trixie-slim AS packages
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends busybox-static
WORKDIR /made
RUN mkdir -p bin sbin usr/bin usr/sbin etc dev home mnt opt proc root sys var/opt \
 && mkdir -m 1777 tmp \
 && cp /bin/busybox bin/ \
 && for applet in $(busybox --list-full); do [ -e "$applet" ] || ln -s /bin/busybox "$applet"; done \
 && printf 'root:x:0:0:root:/root:/bin/sh\npostgres:x:70:70::/var/lib/postgresql:/bin/sh\n' >etc/passwd \
 && printf 'root:x:0:\npostgres:x:70:\n' >etc/group
FROM scratch
LABEL hal9000.role=test-engine
COPY --from=packages /made /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
CMD ["/bin/sh"]
