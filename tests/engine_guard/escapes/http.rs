//! Requests that the guard and the engine could read in two ways (guard-policy §2.1): each reads what
//! is outside on the raw socket.

use super::attempt::{Attempt, create, made, request};

const CASE: &str = "HAL-G-JSON-CASE";
const TWICE: &str = "HAL-G-JSON-DUPLICATE";
const OUTSIDE: &str = "HAL-G-MOUNT-OUTSIDE";

#[rustfmt::skip]
pub(super) const ATTEMPTS: &[Attempt] = &[
    // keys that Go takes for the field
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"hostconfig":{"Binds":["$O:/o"]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HOSTCONFIG":{"BINDS":["$O:/o"]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HoſtConfig":{"Binds":["$O:/o"]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"Ho\u017ftConfig":{"Binds":["$O:/o"]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Bindſ":["$O:/o"]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"mounts":[{"Type":"bind","Source":"$O","Target":"/o"}]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Mounts":[{"type":"bind","sOURCE":"$O","Target":"/o"}]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"\u0042inds":["$O:/o"]}}"#, OUTSIDE),
    made(r#"{"Image":"$I","HostConfig":{"Networ\u212aMode":"host"}}"#, CASE),
    // keys that Go merges
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{},"HostConfig":{"Binds":["$O:/o"]}}"#, TWICE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Binds":["$O:/o"]},"HostConfig":{}}"#, TWICE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":null,"HostConfig":{"Binds":["$O:/o"]}}"#, TWICE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Binds":["$P:/o"],"Binds":["$O:/o"]}}"#, TWICE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Binds":["$P:/o"]},"hostConfig":{"Binds":["$O:/o"]}}"#, CASE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Mounts":[{"Type":"bind","Source":"$P","Source":"$O","Target":"/o"}]}}"#, TWICE),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Mounts":[{"Type":"bind","Source":"$O","Target":"/x"}],"mounts":[{"Target":"/o"}]}}"#, CASE),
    made(r#"{"Image":"$I","HostConfig":{"Privileged":false},"HostConfig":{"Privileged":true}}"#, TWICE),
    made(r#"{"Image":"$I","HostConfig":{"Privileged":true},"HostConfig":{"NetworkMode":"none"}}"#, TWICE),
    // what comes after the document
    request("POST /v1.41/containers/create", r#"{"Image":"$I","HostConfig":{"Privileged":true}} {"Image":"$I"}"#, "docker rm $R", "HAL-G-JSON").until(43),
    request("POST /v1.41/containers/create", " \n\t{\"Image\":\"$I\",\"HostConfig\":{\"Privileged\":true}}\n\n", "docker rm $R", "HAL-G-PRIVILEGED"),
    request("POST /v1.41/containers/create\nContent-Type: application/json; charset=latin1", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-PRIVILEGED"),
    request("POST /v1.41/containers/create\nContent-Type: APPLICATION/JSON", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-PRIVILEGED"),
    // the path
    request("POST /v1.41/%63ontainers/create", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-"),
    request("POST /v1.41/containers%2Fcreate", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-"),
    request("POST /containers/create", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-PRIVILEGED"),
    request("POST /v1.041/containers/create", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-API-VERSION"),
    request("POST /v1.24/containers/create", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-PRIVILEGED"),
    request("POST http://elsewhere/v1.41/containers/create", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-TARGET"),
    request("POST /v1.41/containers/create?name=$N-a&name=$N", r#"{"Image":"$I","HostConfig":{"Privileged":true}}"#, "docker rm $R", "HAL-G-QUERY"),
    request("GET /v1.41/containers/$F%2Fjson", "", "true", "HAL-G-"),
    request("GET http://elsewhere/v1.41/containers/$F/json", "", "true", "HAL-G-TARGET"),
    request("GET /v1.41/containers/$F/json?;x=1", "", "true", "HAL-G-QUERY").until(42),
    request("GET /v1.41/containers/json?all=1&filters=%7B%22name%22%3A%5B%22$F%22%5D%2C%22name%22%3A%5B%5D%7D", "", "true", TWICE),
    // headers
    request("GET /v1.41/containers/$F/json\nUpgrade: h2c\nConnection: Upgrade", "", "true", "HAL-G-HEADER"),
    request("GET /v1.41/containers/$F/json\nUpgrade: tcp\nConnection: Upgrade", "", "true", "HAL-G-HEADER"),
    request("GET /v1.41/containers/$F/json\nX-HTTP-Method-Override: DELETE", "", "true", "No such container"),
    request("GET /v1.41/containers/$F/json", "{}", "true", "No such container"),
    // a form beats the query
    request("POST /v1.41/containers/$N/rename?name=$N\nContent-Type: application/x-www-form-urlencoded", "name=$N-formed", "docker rm -f $N-formed", "HAL-G-BODY").after("docker create --name $N $I"),
    request("POST /v1.41/images/$I/tag?repo=$N&tag=1\nContent-Type: application/x-www-form-urlencoded", "repo=$F", "docker tag $I $F:1", "HAL-G-BODY"),
];
