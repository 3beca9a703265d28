"""The guarded docker socket, side by side with the engine's own: what it costs, what it holds, and
whether it gives everything back."""

import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time

import ports
from measure import PATIENCE, interleaved, say, timed

IMAGE = "debian:trixie-slim"
SIZE = 1_000_000_000
CROWD = 200
STREAMS = 1000
# With fewer runs than these somebody only sees whether it runs.
FEW = 6


def engine_socket():
    named = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not named.startswith("unix://"):
        sys.exit(f"bench: the guard needs an engine on a unix socket, not {named}")
    return named.removeprefix("unix://")


class Guard:
    """One guard, started as for a session."""

    def __init__(self, bench):
        self.docker, self.raw = bench.docker, engine_socket()
        self.label = f"hal9000.instance={bench.instance}"
        top = os.path.join(bench.directory, "guard")
        for name, mode in [("project", 0o755), ("run", 0o700), ("run/own", 0o755), ("state", 0o700)]:
            os.makedirs(os.path.join(top, name))
            os.chmod(os.path.join(top, name), mode)
        self.socket = os.path.join(top, "run", "own", "docker.sock")
        words = [
            bench.hal, "guard", "--socket", self.socket, "--engine", self.raw,
            "--project", os.path.join(top, "project"), "--state", os.path.join(top, "state"),
            "--session", bench.instance, "--label", self.label, "--until-closed",
        ]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if self.process.stdout.readline() != b"ready\n":
            sys.exit("bench: the guard did not start")

    def environment(self, guarded):
        path = self.socket if guarded else self.raw
        return dict(os.environ, DOCKER_HOST=f"unix://{path}")

    def words(self, *words):
        """The same for both sockets: what is left over is found by the label."""
        if words[0] in ("run", "create"):
            words = (words[0], "--label", self.label, *words[1:])
        return [self.docker, *words]

    def timed(self, guarded, *words):
        return timed(self.words(*words), env=self.environment(guarded))

    def told(self, *words):
        words = self.words(*words)
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, env=self.environment(True))
        return done.stdout.decode().strip()

    def resident(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            line = next(line for line in status if line.startswith("VmRSS"))
        return round(int(line.split()[1]) / 1000, 1)

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE)


def connected(path, request):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(PATIENCE)
    client.connect(path)
    client.sendall(request)
    return client


def request(line, *headers):
    return "\r\n".join([f"{line} HTTP/1.1", "Host: docker", *headers, "", ""]).encode()


def throughput(runs, size, through):
    """Megabytes in a second, both ways: the start of the container is part of it, for both."""
    result = interleaved(runs, lambda: through(True), lambda: through(False))
    rate = lambda side: round(size / 1e6 / (result[side]["median_ms"] / 1000))
    ours, by_hand = rate("ours"), rate("by_hand")
    seconds = {side: result[side] for side in ("ours", "by_hand")}
    return {
        "ours": ours, "by_hand": by_hand, "ratio": round(1 / result["ratio"], 3),
        "noise": round(1 / result["noise"], 3), "seconds": seconds, "runs": runs,
    }


def piped(guard, guarded, source, *words):
    """A command of docker's with what `source` writes as its input."""
    begin = time.monotonic()
    feed = subprocess.Popen(source, stdout=subprocess.PIPE)
    subprocess.run(
        guard.words(*words), check=True, stdin=feed.stdout, stdout=subprocess.DEVNULL,
        env=guard.environment(guarded),
    )
    feed.stdout.close()
    feed.wait()
    return time.monotonic() - begin


def streams(guard, runs, size):
    zeros = ["head", "-c", str(size), "/dev/zero"]
    sink = ["run", "--rm", "-i", IMAGE, "sh", "-c", "cat >/dev/null"]
    # Without a log: writing that would be most of the time.
    source = ["run", "--rm", "--log-driver", "none", IMAGE, *zeros]

    def upload(guarded):
        """An archive of one file: the engine unpacks it, as it does of a load or a build."""
        environment = guard.environment(guarded)
        name = subprocess.run(
            guard.words("create", IMAGE), check=True, stdout=subprocess.PIPE, env=environment
        ).stdout.decode().strip()
        try:
            file = os.path.join(os.path.dirname(guard.socket), "..", "..", "zeros")
            if not os.path.exists(file):
                with open(file, "wb") as made:
                    made.truncate(size)
            archive = ["tar", "-cf", "-", "-C", os.path.dirname(file), "zeros"]
            return piped(guard, guarded, archive, "cp", "-q", "-", f"{name}:/tmp")
        finally:
            subprocess.run(guard.words("rm", name), check=True, stdout=subprocess.DEVNULL, env=environment)

    return {
        "stream": throughput(runs, size, lambda guarded: piped(guard, guarded, zeros, *sink)),
        "download": throughput(runs, size, lambda guarded: guard.timed(guarded, *source)),
        "upload": throughput(runs, size, upload),
    }


def crowd(guard):
    """Many that wait and watch, and one that asks."""
    name = guard.told("run", "--detach", IMAGE, "sleep", "600")
    waits = [request(f"POST /containers/{name}/wait", "Content-Length: 0")] * (CROWD * 3 // 4)
    asked = waits + [request("GET /events")] * (CROWD - len(waits))
    clients = [connected(guard.socket, text) for text in asked]
    heads = []

    def read(client):
        try:
            heads.append(client.recv(4096).startswith(b"HTTP/1.1 200"))
        except OSError:
            heads.append(False)

    readers = [threading.Thread(target=read, args=(client,)) for client in clients]
    for reader in readers:
        reader.start()
    ps = [guard.timed(True, "ps") for _ in range(5)]
    # An event for those that watch, an answer for those that wait.
    guard.told("rm", "--force", name)
    for reader in readers:
        reader.join()
    for client in clients:
        client.close()
    return {"asked": len(asked), "served": sum(heads), "ps_ms": 1000 * statistics.median(ps)}


def aborted(guard, count):
    """Streams of every kind whose clients go away in the middle."""
    name = guard.told("run", "--detach", IMAGE, "sh", "-c", "while :; do echo x; sleep 0.01; done")
    command = json.dumps({"Cmd": ["cat"], "AttachStdout": True, "AttachStdin": True})
    upgrade = ("Connection: Upgrade", "Upgrade: tcp", "Content-Length: 0")
    endless = request(f"PUT /containers/{name}/archive?path=/tmp", "Content-Type: application/x-tar", "Transfer-Encoding: chunked")
    kinds = [
        lambda: request(f"GET /containers/{name}/logs?follow=1&stdout=1"),
        lambda: request(f"POST /containers/{name}/attach?stream=1&stdout=1&stdin=1", *upgrade),
        lambda: request("GET /events"),
        lambda: request(f"GET /containers/{name}/stats"),
        lambda: request(f"GET /containers/{name}/archive?path=/usr/bin"),
        lambda: request(f"POST /containers/{name}/wait", "Content-Length: 0"),
        lambda: endless + b"200\r\n" + bytes(0x200),
        lambda: exec_of(guard, name, command),
    ]

    def one(number):
        client = connected(guard.socket, kinds[number % len(kinds)]())
        # Some go before an answer, some in the middle of it. Where none comes nobody waits long.
        client.settimeout(0.02)
        if number % 3:
            try:
                client.recv(1000)
            except OSError:
                pass
        client.close()

    for number in range(2 * len(kinds)):
        one(number)
    settled(guard, 0)
    before, memory = guard.descriptors(), guard.resident()
    for number in range(count):
        one(number)
    settled(guard, before)
    result = {
        "streams": count, "descriptors_before": before, "descriptors_after": guard.descriptors(),
        "resident_mb_before": memory, "resident_mb_after": guard.resident(),
    }
    guard.told("rm", "--force", name)
    return result


def exec_of(guard, name, command):
    headers = ["Content-Type: application/json", f"Content-Length: {len(command)}", "Connection: close"]
    client = connected(guard.socket, request(f"POST /containers/{name}/exec", *headers) + command.encode())
    answer = b""
    while piece := client.recv(4096):
        answer += piece
    made = json.loads(answer.split(b"\r\n\r\n", 1)[1])["Id"]
    upgrade = ["Content-Type: application/json", "Content-Length: 2", "Connection: Upgrade", "Upgrade: tcp"]
    return request(f"POST /exec/{made}/start", *upgrade) + b"{}"


def settled(guard, most):
    """Until the descriptors are no more than that, or no longer fall."""
    end, count = time.monotonic() + 20, None
    while time.monotonic() < end:
        now = guard.descriptors()
        if now <= most or (most == 0 and now == count):
            return
        count = now
        time.sleep(0.5)


def build(guard, bench):
    """A build by BuildKit in which nothing has changed; None without the plugin."""
    plugin = [guard.docker, "buildx", "version"]
    if subprocess.run(plugin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
        say("guard: no build is measured, as docker has no buildx (DOCKER_CONFIG names where plugins are)")
        return None
    say("guard: docker build")
    directory = os.path.join(os.path.dirname(guard.socket), "..", "build")
    os.makedirs(directory)
    for name, text in [("Dockerfile", f"FROM {IMAGE}\nCOPY file /\nRUN true\n"), ("file", "text\n")]:
        with open(os.path.join(directory, name), "w", encoding="ascii") as file:
            file.write(text)

    def once(guarded):
        environment = dict(guard.environment(guarded), DOCKER_BUILDKIT="1")
        return timed(guard.words("build", "--quiet", directory), env=environment)

    for guarded in (False, True):
        once(guarded)
    return interleaved(bench.runs, lambda: once(True), lambda: once(False))


def measure(bench):
    present = subprocess.run([bench.docker, "image", "inspect", IMAGE], stdout=subprocess.DEVNULL, check=False)
    if present.returncode:
        sys.exit(f"bench: the guard is measured with {IMAGE}, which is not here: scripts/base-image")
    guard = Guard(bench)
    try:
        run = ["run", "--rm", "--network", "none", IMAGE, "true"]
        sides = lambda *words: (lambda: guard.timed(True, *words), lambda: guard.timed(False, *words))
        result = {"resident_mb_at_first": guard.resident()}
        say("guard: docker ps")
        result["ps"] = interleaved(4 * bench.runs, *sides("ps"))
        say("guard: docker run")
        result["run"] = interleaved(bench.runs, *sides(*run))
        built = build(guard, bench)
        if built:
            result["build"] = built
        say("guard: streams")
        result.update(streams(guard, max(1, bench.runs // 6), SIZE if bench.runs >= FEW else SIZE // 50))
        say("guard: a published port")
        result["port"] = ports.measure(bench, guard, IMAGE, max(2, bench.runs // 3), 1000 if bench.runs >= FEW else 100)
        say("guard: many at once")
        result["crowd"] = crowd(guard)
        say("guard: aborted streams")
        result["aborted"] = aborted(guard, STREAMS if bench.runs >= FEW else STREAMS // 10)
        result["resident_mb"] = guard.resident()
        return result
    finally:
        guard.end()
