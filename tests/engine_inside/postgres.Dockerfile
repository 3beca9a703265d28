# A database of Debian's packages: see database.rs. The label lets `hal-9000 image prune` clear it away.
FROM debian:trixie-slim
LABEL hal9000.role=test-engine
RUN apt-get -o Acquire::Check-Valid-Until=false update \
 && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends postgresql-17 \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* \
 && echo "listen_addresses = '*'" >> /etc/postgresql/17/main/postgresql.conf \
 && echo "host all all all trust" >> /etc/postgresql/17/main/pg_hba.conf
USER postgres
EXPOSE 5432
CMD ["/usr/lib/postgresql/17/bin/postgres", "-D", "/var/lib/postgresql/17/main", "-c", "config_file=/etc/postgresql/17/main/postgresql.conf"]
