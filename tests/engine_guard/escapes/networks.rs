//! Networks (guard-policy §2.7).

use super::attempt::{Attempt, less, made, request, script};

const SUBNET: &str = "HAL-G-NETWORK-SUBNET";
const OPTION: &str = "HAL-G-NETWORK-OPTION";

#[rustfmt::skip]
pub(super) const ATTEMPTS: &[Attempt] = &[
    script("docker network inspect $F >/dev/null", "not found"),
    script("docker run --rm --network $F $I true", "network"),
    script("docker run --rm --network $(docker -H $RAW network inspect --format '{{.Id}}' $F) $I true", "network"),
    script("docker network connect $F $N", "not found").after("docker create --name $N $I"),
    script("docker network connect $N $F && docker network disconnect $N $F", "No such container").after("docker network create $N"),
    script("docker network disconnect -f bridge $F && docker network connect bridge $F", "No such container"),
    script("docker network disconnect $F $F; docker network connect $F $F && docker network disconnect $F $F", "not found"),
    script("docker -H $RAW network create $N >/dev/null; docker network rm $N", "not found"),
    less("docker -H $RAW network create --label hal9000.test=$N $N >/dev/null; docker network prune -f --filter label=hal9000.test=$N; ! docker -H $RAW network inspect $N >/dev/null"),
    request("GET /v1.41/networks/$F?verbose=1", "", "true", "not found"),
    made(r#"{"Image":"$I","HostConfig":{"NetworkMode":"bridge"},"NetworkingConfig":{"EndpointsConfig":{"$F":{}}}}"#, "network").since(44),
    made(r#"{"Image":"$I","HostConfig":{"NetworkMode":"$F"},"NetworkingConfig":{"EndpointsConfig":{"$F":{}}}}"#, "network"),
    // interfaces of the host
    script("docker network create -o com.docker.network.bridge.name=b$(date +%N) $N && docker network rm $N", OPTION),
    script("docker network create -o com.docker.network.bridge.default_bridge=false $N && docker network rm $N", OPTION),
    script("docker network create -o com.docker.network.bridge.host_binding_ipv4=0.0.0.0 $N && docker network rm $N", OPTION),
    script("docker network create -o com.docker.network.container_iface_prefix=x $N && docker network rm $N", OPTION),
    script("docker network create -o com.docker.network.bridge.inhibit_ipv4=true $N && docker network rm $N", OPTION).since(44),
    script("docker network create --config-only --subnet 10.231.0.0/24 $N && docker network rm $N", "HAL-G-NETWORK-SCOPE"),
    // addresses of others
    script("docker network create --subnet 1.1.1.0/24 $N && docker network rm $N", SUBNET),
    script("docker network create --subnet 169.254.169.0/24 $N && docker network rm $N", SUBNET),
    script("docker network create --subnet 100.64.7.0/24 $N && docker network rm $N", SUBNET),
    script("docker network create --ipv6 --subnet 2001:db8:7::/64 $N && docker network rm $N", SUBNET),
    request("POST /v1.41/networks/create", r#"{"Name":"$N","IPAM":{"Config":[{"Subnet":"10.232.1.0/24"}],"config":[{"Subnet":"1.0.0.0/24"}]}}"#, "docker network rm $R", "HAL-G-JSON-CASE"),
    request("POST /v1.41/networks/create", r#"{"Name":"$N","Options":{},"options":{"com.docker.network.bridge.host_binding_ipv4":"0.0.0.0"}}"#, "docker network rm $R", "HAL-G-JSON-CASE"),
    // a second network of the user's name makes the name say nothing
    request("POST /v1.41/networks/create", r#"{"Name":"$F","CheckDuplicate":false}"#, "docker network rm $R", "").until(44).passing(),
];
