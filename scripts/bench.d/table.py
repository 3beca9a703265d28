"""The results as a table: targets that are missed are marked."""


def mark(target, good):
    return f"{target} {'met' if good else 'MISSED'}"


def times(name, pair, target=None, noise=True):
    """A row of ours, side by side with the same by hand."""
    return (
        name,
        f"{pair['ours']['median_ms']:.1f} ms",
        f"{pair['by_hand']['median_ms']:.1f} ms",
        f"{pair['ours']['p95_ms']:.1f} ms",
        f"{pair['by_hand']['p95_ms']:.1f} ms",
        f"{pair['ratio']:.3f}",
        f"{pair['noise']:.3f}" if noise else "",
        mark(f"≤ {target}", pair["ratio"] <= target) if target else "",
    )


def one(name, value, target="", more="", p95=""):
    """A row without anything by hand."""
    return (name, value, more, p95, "", "", "", target)


def start(pair):
    return [times("a session's start, `true`", pair, 1.05)]


def guarded(pair):
    return [times("its start, guarded beside the engine's socket", pair)]


def own(it):
    return [one("our own part of a start", f"{it['median_ms']:.1f} ms", p95=f"{it['p95_ms']:.1f} ms")]


def version(it):
    sockets = {None: "", 0: ", no socket"}.get(it["sockets"], f", {it['sockets']} SOCKETS")
    target = mark("≤ 10 ms", it["median_ms"] <= 10) + sockets
    return [one("hal-9000 --version", f"{it['median_ms']:.1f} ms", target, p95=f"{it['p95_ms']:.1f} ms")]


def prompt(pair):
    return [times("to Claude's prompt, cold", pair)]


def image(most):
    return lambda it: [one(it["image"], f"{it['megabytes']} MB", mark(f"≤ {most} MB", it["megabytes"] <= most))]


def parent(it):
    start, status = it["start"], it["status"]
    idle = it["resident_mb"] <= 20 and it["idle_percent"] < 0.5
    return [
        one(
            "the parent's start, until ChromaDB answers", f"{start['median_ms']:.0f} ms",
            mark("≤ 2 s", start["median_ms"] <= 2000), p95=f"{start['p95_ms']:.0f} ms",
        ),
        times("a session through it, beside a direct one", it["worker"], 0.65, noise=False),
        one(
            "daemon status, 20 workers", f"{status['median_ms']:.1f} ms",
            mark("≤ 60 ms", status["median_ms"] <= 60), p95=f"{status['p95_ms']:.1f} ms",
        ),
        one(
            "coordinator, 20 workers, idle", f"{it['resident_mb']} MB",
            mark("≤ 20 MB, < 0.5 %", idle), more=f"{it['idle_percent']} %",
        ),
    ]


def pool(it):
    warm = it["prompt"]
    row = times("to Claude's prompt from the pool, beside `docker run`", warm, 0.15, noise=False)
    good = warm["ratio"] <= 0.15 and not it["missed"]
    starts = it["ten_in_a_row"]
    slow = ", ".join(f"{start['ms']} ms: {start['why']}" for start in starts if not start["warm"])
    return [
        (*row[:-1], mark("≤ 0.15", good)),
        one("ten starts in a row: from the pool", str(sum(start["warm"] for start in starts)), slow),
        one("memory of one that waits", f"{it['spare_mb']} MB"),
    ]


def guard(it):
    """The guarded socket, side by side with the engine's own."""
    rows = [
        times("guard: docker ps", it["ps"], 1.15),
        times("guard: docker run --rm … true", it["run"], 1.05),
    ]
    if "build" in it:
        rows.append(times("guard: docker build, nothing changed", it["build"], 1.1))
    for name, what in [("download", "1 GB out of a container"), ("stream", "1 GB into a container"), ("upload", "1 GB as an archive")]:
        pair = it[name]
        rows.append((
            f"guard: {what}", f"{pair['ours']} MB/s", f"{pair['by_hand']} MB/s", "", "",
            f"{pair['ratio']:.3f}", f"{pair['noise']:.3f}", mark("≥ 0.9", pair["ratio"] >= 0.9),
        ))
    port = it["port"]
    for name, what in [("send", "1 GB to a published port"), ("receive", "1 GB from a published port")]:
        pair = port[name]
        rows.append((
            f"guard: {what}", f"{pair['ours']} MB/s", f"{pair['by_hand']} MB/s", "", "",
            f"{pair['ratio']:.3f}", "", mark("≥ 0.8", pair["ratio"] >= 0.8),
        ))
    rows.append(one("guard: an answer from a published port takes", f"{port['added_ms']:+.3f} ms", mark("≤ 0.3 ms", port["added_ms"] <= 0.3)))
    crowd, aborted = it["crowd"], it["aborted"]
    kept = aborted["descriptors_after"] - aborted["descriptors_before"]
    grown = aborted["resident_mb_after"] - aborted["resident_mb_before"]
    rows += [
        one(
            f"guard: {crowd['asked']} connections at once", f"{crowd['served']} served",
            mark("all", crowd["served"] == crowd["asked"]), more=f"ps {crowd['ps_ms']:.0f} ms",
        ),
        one(
            f"guard: after {aborted['streams']} aborted streams", f"{kept:+} fds", mark("none", kept <= 0),
            more=f"{grown:+.1f} MB",
        ),
        one("guard: memory after all that", f"{it['resident_mb']} MB", mark("≤ 15 MB", it["resident_mb"] <= 15)),
    ]
    return rows


SECTIONS = [
    ("start", start), ("guarded", guarded), ("prompt", prompt), ("own", own), ("version", version), ("worker", image(250)),
    ("parent", parent), ("pool", pool), ("parent_image", image(300)), ("guard", guard),
]


def table(result):
    rows = [("", "ours", "by hand", "p95", "by hand", "ratio", "noise", "target")]
    for name, section in SECTIONS:
        if name in result:
            rows += section(result[name])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1]))]
        print("  ".join([*cells, row[-1]]).rstrip())
    print("Medians. The noise is the ratio of the line by hand to itself.")
    print(f"{result['runs']} runs each, interleaved; {result['build']} build, engine {result['engine']}")
