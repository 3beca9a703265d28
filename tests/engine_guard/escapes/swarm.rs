//! Swarm and plugins (guard-policy §2.8): a swarm is made of an engine that goes with the test.

use super::attempt::{Attempt, Engine, request, script};

const SWARM: &str = "HAL-G-SWARM";
const PLUGIN: &str = "HAL-G-PLUGIN";

#[rustfmt::skip]
pub(super) const ATTEMPTS: &[Attempt] = &[
    script("docker plugin ls", PLUGIN),
    request("GET /v1.41/plugins", "", "true", PLUGIN),
    script("docker swarm leave --force; docker swarm init --advertise-addr 127.0.0.1", SWARM).only(Engine::Own),
    script("docker swarm join-token -q worker", SWARM).only(Engine::Own),
    script("docker swarm update --task-history-limit 3", SWARM).only(Engine::Own),
    script("docker node ls", SWARM).only(Engine::Own),
    script("docker node update --label-add a=b $(docker -H $RAW node ls -q)", SWARM).only(Engine::Own),
    script("docker service create --detach --name $N --mount type=bind,source=/,target=/o $I true && docker service rm $N", SWARM).only(Engine::Own),
    script("docker service ls", SWARM).only(Engine::Own),
    script("docker stack ls", SWARM).only(Engine::Own),
    script("echo x | docker secret create $N - && docker secret rm $N", SWARM).only(Engine::Own),
    script("docker secret ls", SWARM).only(Engine::Own),
    script("echo x | docker config create $N - && docker config rm $N", SWARM).only(Engine::Own),
    script("docker config ls", SWARM).only(Engine::Own),
    script("docker network create -d overlay --attachable $N && docker network rm $N", "HAL-G-NETWORK-DRIVER").only(Engine::Own),
    script("docker swarm leave --force", SWARM).only(Engine::Own),
];
