"""What a project's tests do: a server in a container, and a client here, by Testcontainers."""

import socket

from testcontainers.core.container import DockerContainer

SERVER = """
$s = IO::Socket::INET->new(Listen => 9, LocalPort => 7000, ReuseAddr => 1) or die $!;
while ($c = $s->accept) { while (<$c>) { print $c "got $_" } close $c }
"""

container = DockerContainer("debian:trixie-slim").with_command(["perl", "-MIO::Socket::INET", "-e", SERVER])
with container.with_exposed_ports(7000) as running:
    place = (running.get_container_host_ip(), int(running.get_exposed_port(7000)))
    with socket.create_connection(place, timeout=5) as client:
        client.sendall(b"one\n")
        client.shutdown(socket.SHUT_WR)
        print(place[0], client.recv(100).decode().strip())
