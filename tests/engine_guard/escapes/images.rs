//! Images that others use, and builds (guard-policy §2.9, §2.10).

use super::attempt::{Attempt, Engine, less, request, script};

const OVERWRITE: &str = "HAL-G-IMAGE-OVERWRITE";
const RESERVED: &str = "HAL-G-IMAGE-RESERVED";

#[rustfmt::skip]
pub(super) const ATTEMPTS: &[Attempt] = &[
    // what runs under a name later
    script("docker tag $I $F:1", OVERWRITE),
    script("docker tag $I docker.io/library/$F:1", OVERWRITE),
    script("docker tag $(docker image inspect --format '{{.Id}}' $I) $F:1", OVERWRITE),
    script("printf 'FROM %s\\nLABEL a=b\\n' $I | docker build -q -t $F:1 - && docker tag $I $F:1", OVERWRITE),
    script("printf 'FROM %s\\nLABEL a=b\\n' $I | docker build -q -t $N:1 -t $F:1 - && docker tag $I $F:1 && docker rmi $N:1", OVERWRITE),
    script("docker commit $N $F:1 && docker tag $I $F:1", OVERWRITE).after("docker create --name $N $I"),
    script("echo x > f; tar c f | docker import - $F:1 && docker tag $I $F:1", OVERWRITE),
    // the archive that the engine gets is without its index
    script("docker save $F:1 | docker load", OVERWRITE).passing(),
    script("docker save $F:1 | gzip -1 | docker load", OVERWRITE).passing(),
    request("POST /v1.41/images/$I/tag?repo=$F&tag=1", "", "true", OVERWRITE),
    request("POST /v1.41/images/$I/tag?repo=$N&tag=1&repo=$F", "", "docker rmi $N:1", "HAL-G-QUERY"),
    request("POST /v1.41/images/create?fromSrc=-&repo=$F:1\nContent-Type: application/x-tar", "", "docker tag $I $F:1", OVERWRITE),
    request("POST /v1.41/commit?container=$N&repo=$F&tag=1", "", "docker tag $I $F:1", OVERWRITE).after("docker create --name $N $I"),
    // hal-9000's own
    script("docker tag $I hal9000/$N:1 && docker rmi hal9000/$N:1", RESERVED),
    script("docker tag $I docker.io/hal9000/$N:1 && docker rmi hal9000/$N:1", RESERVED),
    script("printf 'FROM %s\\n' $I | docker build -q -t hal9000/$N - && docker rmi hal9000/$N", RESERVED),
    // what is removed
    script("docker rmi $F:1 && docker tag $I $F:1", "HAL-G-IMAGE-DELETE"),
    script("docker rmi -f $F:1 && docker tag $I $F:1", "HAL-G-IMAGE-DELETE"),
    script("docker rmi docker.io/library/$F:1 && docker tag $I $F:1", "HAL-G-IMAGE-DELETE"),
    script("X=$(printf 'FROM %s\\nLABEL x=%s\\n' $I $N | docker -H $RAW build -q -); docker rmi $X; S=$?; docker -H $RAW rmi $X; exit $S", "HAL-G-IMAGE-DELETE"),
    less("X=$(printf 'FROM %s\\nLABEL hal9000.test=%s\\n' $I $N | docker -H $RAW build -q -); docker image prune -f --filter label=hal9000.test=$N >/dev/null; docker -H $RAW image inspect $X >/dev/null; S=$?; docker -H $RAW rmi $X; test $S -ne 0"),
    // builds
    script("printf 'FROM %s\\n' $I | docker build -q --network host -", "HAL-G-BUILD-NETWORK"),
    script("printf 'FROM %s\\n' $I | docker build -q --network container:$F -", "No such container"),
    script("printf 'FROM %s\\nRUN true\\n' $I | docker build -q --no-cache --network $F -", "network"),
    script("printf 'FROM %s\\n' $I | docker build -q --cgroup-parent /x -", "HAL-G-BUILD-CGROUP"),
    script("printf 'FROM %s\\n' $I | docker build -q --ulimit rtprio=99 -", "HAL-G-ULIMIT"),
    script("docker import $U/file.tar $N:1 && docker rmi $N:1", "HAL-G-IMAGE-IMPORT").only(Engine::Shared),
    request("POST /v1.41/build?remote=$U/Dockerfile&q=1", "", "true", "HAL-G-BUILD-REMOTE").only(Engine::Shared),
    request("POST /v1.41/images/create?fromSrc=$U/file.tar&repo=$N&tag=1", "", "docker rmi $N:1", "HAL-G-IMAGE-IMPORT").only(Engine::Shared),
    request("POST /v1.41/build/cancel?id=x", "", "true", "HAL-G-BUILD-CANCEL"),
];
