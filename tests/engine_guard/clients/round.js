// A round of ordinary work with dockerode, at DOCKER_HOST: see round.py.
'use strict';
const assert = require('node:assert');
const { once } = require('node:events');
const { PassThrough } = require('node:stream');
const Docker = require('dockerode');

const { NAME: name, IMAGE: image, PROJECT: project } = process.env;
const docker = new Docker({ socketPath: process.env.DOCKER_HOST.replace('unix://', '') });

async function collected(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

// What a container writes comes in frames of two streams.
async function parted(stream) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, out, err);
  stream.on('end', () => { out.end(); err.end(); });
  return Promise.all([collected(out), collected(err)]);
}

async function main() {
  await docker.ping();
  assert((await docker.version()).ApiVersion);

  const sink = new PassThrough();
  const heard = collected(sink);
  const [status, once_only] = await docker.run(image, ['sh', '-c', 'echo said; exit 3'], sink, { Tty: true });
  sink.end();
  assert.equal(status.StatusCode, 3);
  assert.equal((await heard).trim(), 'said');
  await once_only.remove();

  await docker.createVolume({ Name: name });
  const network = await docker.createNetwork({ Name: name, CheckDuplicate: true });
  const box = await docker.createContainer({
    Image: image,
    name,
    Cmd: ['sh', '-c', 'for i in 1 2 3; do echo line $i; sleep 0.2; done; exec sleep 600'],
    Labels: { of: 'a round' },
    HostConfig: { Binds: [`${name}:/data`, `${project}:/project:ro`], NetworkMode: name, Memory: 64 << 20 },
  });
  await box.start();
  const logs = await box.logs({ follow: true, stdout: true, stderr: true });
  let text = '';
  for await (const piece of logs) {
    text += piece.toString();
    if (text.includes('line 3')) break;
  }
  assert(text.includes('line 1') && text.indexOf('line 1') < text.indexOf('line 3'), text);

  const exec = await box.exec({
    Cmd: ['sh', '-c', 'cat /project/src/file; echo e >&2; exit 5'], AttachStdout: true, AttachStderr: true,
  });
  assert.deepEqual(await parted(await exec.start({})), ['inside', 'e\n']);
  assert.equal((await exec.inspect()).ExitCode, 5);
  const echo = await box.exec({ Cmd: ['cat'], AttachStdin: true, AttachStdout: true });
  const both = await echo.start({ hijack: true, stdin: true });
  const back = parted(both);
  both.write('through and back');
  both.end();
  assert.deepEqual(await back, ['through and back', '']);

  assert.equal((await docker.listContainers({ filters: { label: ['of=a round'] } })).length, 1);
  assert.equal((await docker.listVolumes({ filters: { name: [name] } })).Volumes.length, 1);
  assert.equal((await box.inspect()).HostConfig.Memory, 64 << 20);
  const events = await docker.getEvents({ filters: { container: [name] } });
  const [first] = await Promise.all([once(events, 'data'), box.stop({ t: 0 })]);
  assert(JSON.parse(first.toString().split('\n')[0]).Action);
  events.destroy();
  assert.equal((await box.wait()).StatusCode, 137);
  await box.remove({ v: true });
  await network.remove();
  await docker.getVolume(name).remove();

  const building = await docker.buildImage({ context: process.cwd(), src: ['Dockerfile', 'content'] }, { t: name });
  const steps = await new Promise((done, failed) => {
    docker.modem.followProgress(building, (error, steps) => (error ? failed(error) : done(steps)));
  });
  assert(steps.some((step) => step.stream && step.stream.includes('Successfully built')), JSON.stringify(steps));
  const built = new PassThrough();
  const shown = collected(built);
  const [, used] = await docker.run(name, [], built, {});
  built.end();
  assert((await shown).includes('content'));
  await used.remove();
  await docker.getImage(name).remove();

  for (const refused of [{ Privileged: true }, { Binds: ['/etc:/x'] }, { PidMode: 'host' }]) {
    const failed = await docker.createContainer({ Image: image, HostConfig: refused }).catch((error) => error);
    assert(failed.statusCode === 403 && failed.message.includes('HAL-G-'), String(failed));
  }
  assert.equal((await docker.listContainers({ all: true })).length, 0);
  console.log('a round');
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
