"""A published port at the session's localhost, side by side with the container's own address."""

import os
import statistics
import subprocess

from measure import p95

OURS, PORT = "127.0.0.1", 7000
PROGRAM = "/opt/hal9000/bin/hal-9000"


def figures(values):
    return {"median_ms": round(1000 * statistics.median(values), 4), "p95_ms": round(1000 * p95(values), 4)}


def measure(bench, guard, image, rounds, megabytes):
    """The session's container is one of docker's, with our program where sessions have it."""
    script = os.path.join(os.path.dirname(__file__), "ports.pl")
    session = [
        bench.docker, "run", "--detach", "--name", bench.instance, "--label", guard.label, "--init",
        "--volume", f"{os.path.dirname(guard.socket)}:/run/hal9000/docker:ro",
        "--volume", f"{bench.hal}:{PROGRAM}:ro", "--volume", f"{script}:/ports.pl:ro",
        "--entrypoint", PROGRAM, image, "entrypoint", "--user=bench", "--uid=1000", "--gid=1000",
        "--home=/home/bench", "--", "sleep", "600",
    ]
    subprocess.run(session, check=True, stdout=subprocess.DEVNULL)
    name = None
    try:
        with open(script, encoding="utf-8") as text:
            server = ["perl", "-e", text.read(), "serve", str(PORT)]
        name = guard.told("run", "--detach", "--publish", f"{PORT}", image, *server)
        published = guard.told("port", name, str(PORT)).rsplit(":", 1)[1]
        address = guard.told("inspect", "--format", "{{.NetworkSettings.IPAddress}}", name)
        ours, direct = f"{OURS}:{published}", f"{address}:{PORT}"
        words = [bench.docker, "exec", bench.instance, "perl", "/ports.pl", "measure"]
        words += [str(rounds), str(megabytes), ours, direct]
        said = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout.decode()
    finally:
        subprocess.run([bench.docker, "rm", "--force", bench.instance], check=False, stdout=subprocess.DEVNULL)
        if name:
            guard.told("rm", "--force", name)
    times = {}
    for line in said.splitlines():
        what, place, seconds = line.split()
        times.setdefault((what, place), []).append(float(seconds))
    echo = {side: times["echo", place] for side, place in (("ours", ours), ("by_hand", direct))}
    added = statistics.median(echo["ours"]) - statistics.median(echo["by_hand"])
    result = {"added_ms": round(1000 * added, 4), "rounds": rounds}
    result["echo"] = {side: figures(values) for side, values in echo.items()}
    for what in ("send", "receive"):
        rate = lambda place: round(megabytes / statistics.median(times[what, place]))
        pairs = [theirs / mine for mine, theirs in zip(times[what, ours], times[what, direct])]
        result[what] = {
            "ours": rate(ours), "by_hand": rate(direct), "ratio": round(rate(ours) / rate(direct), 3),
            "ratio_of_pairs": round(statistics.median(pairs), 3),
        }
    return result
