"""A round of ordinary work with docker-py, at DOCKER_HOST: a container, a command in it, a build, a
volume, a network, a log that is followed. `NAME` is what everything is called, `IMAGE` what is here."""

import io
import os
import tarfile

import docker

name, image = os.environ["NAME"], os.environ["IMAGE"]
client = docker.from_env()
assert client.ping() and client.version()["ApiVersion"]

out = client.containers.run(image, ["sh", "-c", "echo out; echo err >&2"], remove=True, stderr=True)
assert sorted(out.split()) == [b"err", b"out"], out
try:
    client.containers.run(image, ["sh", "-c", "exit 3"], remove=True)
    raise AssertionError("its exit status was lost")
except docker.errors.ContainerError as error:
    assert error.exit_status == 3

volume = client.volumes.create(name)
network = client.networks.create(name, driver="bridge")
box = client.containers.run(
    image,
    ["sh", "-c", "for i in 1 2 3; do echo line $i; sleep 0.2; done; exec sleep 600"],
    name=name,
    detach=True,
    network=name,
    volumes={name: {"bind": "/data", "mode": "rw"}, os.environ["PROJECT"]: {"bind": "/project", "mode": "ro"}},
    labels={"of": "a round"},
    mem_limit="64m",
    environment={"A": "b"},
)
followed = []
for line in box.logs(stream=True, follow=True):
    followed.append(line)
    if b"line 3" in b"".join(followed):
        break
assert b"".join(followed).split(b"\n")[:3] == [b"line 1", b"line 2", b"line 3"], followed

code, output = box.exec_run(["sh", "-c", "cat /project/src/file; echo $A; echo kept > /data/f; exit 5"])
assert (code, output) == (5, b"insideb\n"), (code, output)
code, (stdout, stderr) = box.exec_run(["sh", "-c", "echo o; echo e >&2"], demux=True)
assert (code, stdout, stderr) == (0, b"o\n", b"e\n")
_, socket = box.exec_run("cat", stdin=True, socket=True)
socket._sock.sendall(b"through and back\n")
socket._sock.shutdown(1)
echoed = b""
while piece := socket.read(65536):
    echoed += piece
assert b"through and back" in echoed, echoed
socket.close()

packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w") as archive:
    entry = tarfile.TarInfo("put")
    entry.size = 4
    archive.addfile(entry, io.BytesIO(b"here"))
assert box.put_archive("/tmp", packed.getvalue())
pieces, stat = box.get_archive("/tmp/put")
assert stat["size"] == 4 and b"here" in b"".join(pieces)

assert [it.name for it in client.containers.list(filters={"label": "of=a round"})] == [name]
assert [it.name for it in client.networks.list(names=[name])] == [name]
box.reload()
assert box.attrs["HostConfig"]["Memory"] == 64 << 20
assert next(client.api.stats(box.id, stream=True, decode=True))["read"]
assert box.top()["Processes"]
box.restart(timeout=0)
box.stop(timeout=0)
assert box.wait()["StatusCode"] == 137
box.remove(v=True)
network.remove()
volume.remove()

made, said = client.images.build(
    fileobj=io.BytesIO(f"FROM {image}\nRUN echo built > /made\nCMD cat /made\n".encode()),
    tag=name,
    rm=True,
    labels={"of": "a round"},
)
assert f"{name}:latest" in made.tags, made.tags
assert client.containers.run(name, remove=True) == b"built\n"
try:
    client.images.build(fileobj=io.BytesIO(f"FROM {image}\nRUN exit 9\n".encode()), forcerm=True)
    raise AssertionError("a failed build is none")
except docker.errors.BuildError as error:
    assert "9" in str(error)
assert made.tag(name, "again")
client.images.remove(f"{name}:again")
client.images.remove(name)

for refused in ({"privileged": True}, {"volumes": ["/etc:/x"]}, {"pid_mode": "host"}):
    try:
        client.containers.create(image, **refused)
        raise AssertionError(f"{refused} was not refused")
    except docker.errors.APIError as error:
        assert error.status_code == 403 and "HAL-G-" in error.explanation, error
assert client.containers.list(all=True) == []
print("a round")
