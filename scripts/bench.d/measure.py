"""How things are measured: interleaved, with ratios of neighbours."""

import statistics
import subprocess
import sys
import time

PATIENCE = 60.0


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def p95(values):
    return sorted(values)[min(len(values) - 1, round(0.95 * (len(values) - 1)))]


def milliseconds(values):
    return {
        "median_ms": round(1000 * statistics.median(values), 2),
        "p95_ms": round(1000 * p95(values), 2),
        "runs": len(values),
    }


def compared(ours, by_hand):
    """Ratio of the medians, and the median of the ratios of neighbours."""
    pairs = [mine / theirs for mine, theirs in zip(ours, by_hand)]
    return {
        "ours": milliseconds(ours),
        "by_hand": milliseconds(by_hand),
        "ratio": round(statistics.median(ours) / statistics.median(by_hand), 3),
        "ratio_of_pairs": round(statistics.median(pairs), 3),
        "ratio_of_p95": round(p95(ours) / p95(by_hand), 3),
    }


def timed(words, **options):
    begin = time.monotonic()
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **options)
    return time.monotonic() - begin


def interleaved(runs, ours, by_hand):
    """Ours, and twice the same by hand: what these two differ by is the noise of the machine.
    Each round in another order than the one before, so that a drift hits all three."""
    measures = [(ours, []), (by_hand, []), (by_hand, [])]
    for number in range(runs):
        turn = number % 3
        for measure, values in measures[turn:] + measures[:turn]:
            values.append(measure())
    mine, theirs, control = (values for _, values in measures)
    result = compared(mine, theirs)
    result["noise"] = compared(control, theirs)["ratio"]
    return result
