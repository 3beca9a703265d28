//! What BuildKit can be asked beside a build (guard-policy §2.9).

use super::attempt::{Attempt, Engine, less, script};

const ENTITLEMENT: &str = "HAL-G-BUILD-ENTITLEMENT";
const OVERWRITE: &str = "HAL-G-IMAGE-OVERWRITE";
const CALL: &str = "HAL-G-BUILD-CALL";

/// The engine is asked for other things of the same build.
const fn build(text: &'static str, rule: &'static str) -> Attempt {
    script(text, rule).passing()
}

#[rustfmt::skip]
pub(super) const ATTEMPTS: &[Attempt] = &[
    // the host's network
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\nRUN grep docker0 /proc/net/dev\\n' $I | docker build -q --no-cache --network host -", ENTITLEMENT),
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\nRUN --network=host grep docker0 /proc/net/dev\\n' $I | docker buildx build -q --no-cache --allow network.host -", ENTITLEMENT).since(44),
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\n' $I | docker buildx build -q --allow network.host -", ENTITLEMENT),
    // everything, which engines grant that are told to
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\n' $I | docker buildx build -q --allow security.insecure -", ENTITLEMENT).only(Engine::Own).since(44),
    // what only the host reaches
    build("export DOCKER_BUILDKIT=1; docker build -q $U", "HAL-G-BUILD-REMOTE").only(Engine::Shared),
    build("export DOCKER_BUILDKIT=1; docker build -q -t $N:1 $U", "HAL-G-BUILD-REMOTE").only(Engine::Shared),
    // beside the session's limits
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\n' $I | docker build -q --cgroup-parent /elsewhere -t $N:1 -", "HAL-G-BUILD-CGROUP"),
    // what runs under a name later
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\nLABEL a=b\\n' $I | docker build -q -t $F:1 - && docker tag $I $F:1", OVERWRITE),
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\nLABEL a=b\\n' $I | docker build -q -t docker.io/library/$F:1 - && docker tag $I $F:1", OVERWRITE),
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\nLABEL a=b\\n' $I | docker build -q -t $N:1 -t $F:1 - && docker tag $I $F:1 && docker rmi $N:1", OVERWRITE),
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\nLABEL a=b\\n' $I | docker buildx build -q --output type=image,name=$F:1 - && docker tag $I $F:1", OVERWRITE),
    build("printf 'FROM %s\\nLABEL a=b\\n' $I > Dockerfile; printf 'target \"default\" {\\n tags = [\"%s:1\"]\\n}\\n' $F > docker-bake.hcl; docker buildx bake && docker tag $I $F:1", OVERWRITE),
    build("export DOCKER_BUILDKIT=1; printf 'FROM %s\\n' $I | docker build -q -t hal9000/$N:1 - && docker rmi hal9000/$N:1", "HAL-G-IMAGE-RESERVED"),
    less("export DOCKER_BUILDKIT=1; printf 'FROM %s\\n' $I | docker build -q --label hal9000.session=true -t $N:1 - && docker image inspect --format '{{json .Config.Labels}}' $N:1 | grep hal9000.session"),
    // the cache of everybody
    build("docker buildx prune -f --filter id=none", CALL),
    build("docker buildx prune -f", CALL).only(Engine::Own),
    build("docker buildx du", CALL),
];
