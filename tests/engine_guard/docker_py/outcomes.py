"""A plugin of pytest: a line for each phase of a test that says how it went. The tests change the
environment while they run, so what is in it is read at the start."""

import os
import sys
import types

OUTCOMES = os.environ["OUTCOMES"]

# The tests ask whether a socket is one of ssh, which none is here.
sys.modules["paramiko"] = types.ModuleType("paramiko")
sys.modules["paramiko"].Channel = type("Channel", (), {})


def pytest_configure():
    """After many tests a swarm is left, in case that there is one. The guard refuses that, and what
    comes after it would not be cleared away."""
    import docker

    leave = docker.APIClient.leave_swarm

    def leave_if_any(client, force=False):
        try:
            return leave(client, force)
        except docker.errors.APIError as error:
            if force and "HAL-G-SWARM" in str(error):
                return True
            raise

    docker.APIClient.leave_swarm = leave_if_any


def pytest_runtest_logreport(report):
    outcome = "expected" if hasattr(report, "wasxfail") else report.outcome
    crash = getattr(report.longrepr, "reprcrash", None)
    why = getattr(crash, "message", report.longreprtext) if outcome == "failed" else ""
    with open(OUTCOMES, "a", encoding="utf-8") as lines:
        print(report.nodeid, outcome, why.replace("\n", " ").replace("\t", " "), sep="\t", file=lines)
