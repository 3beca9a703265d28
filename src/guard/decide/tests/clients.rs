//! What real clients send passes: docker's (28.2.2, captured from its own commands), and what is known
//! of docker-py, dockerode and docker-java.

use super::session;
use crate::guard::Refusal;

fn pass(line: &str) -> Result<(), Refusal> {
    let (method, rest) = line.split_once(' ').unwrap();
    let (target, body) = rest.split_once(' ').unwrap_or((rest, ""));
    session()
        .decide(&format!("{method} {target}"), body)
        .map(|_| ())
}

#[test]
fn dockers_own_commands_pass() {
    let refused: Vec<String> = include_str!("docker_cli.txt")
        .lines()
        .filter_map(|line| Some(format!("{}\n{line}", pass(line).err()?)))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n\n"));
}

#[test]
fn other_clients_requests_pass() {
    for line in [
        // docker-py
        r#"POST /v1.41/containers/create {"Hostname":null,"Domainname":null,"ExposedPorts":{"80/tcp":{}},"User":null,"Tty":false,"OpenStdin":false,"StdinOnce":false,"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Env":null,"Cmd":["sh"],"Image":"alpine","Volumes":null,"NetworkDisabled":false,"Entrypoint":null,"WorkingDir":null,"HostConfig":{"NetworkMode":"n1","PortBindings":{"80/tcp":[{"HostIp":"","HostPort":"8080"}]}},"NetworkingConfig":{"n1":null},"MacAddress":null,"Labels":null,"StopSignal":null,"Healthcheck":null,"StopTimeout":null,"Runtime":null}"#,
        r#"POST /v1.41/containers/web/exec {"Container":"web","User":"","Privileged":false,"Tty":false,"AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Cmd":["ls"],"Env":null}"#,
        "GET /v1.41/containers/json?limit=-1&all=1&size=0&trunc_cmd=0",
        "GET /v1.41/images/json?only_ids=0&all=0",
        "POST /v1.41/images/node/tag?tag=1&repo=x&force=0",
        r#"POST /v1.41/networks/create {"Name":"n","Driver":null,"Options":null,"IPAM":{"Driver":"default","Config":[{"Subnet":"10.8.0.0/24","IPRange":null,"Gateway":null,"AuxiliaryAddresses":null}]},"CheckDuplicate":null}"#,
        "POST /v1.41/build?t=x:1&q=False&nocache=False&rm=True&forcerm=False&pull=False&dockerfile=Dockerfile&remote=",
        r#"POST /v1.41/containers/create {"Image":"alpine","Runtime":"runc"}"#,
        // dockerode: the body again in the query, and its own options
        r#"POST /containers/create?Image=alpine&Cmd=%5B%22sh%22%5D&name=x {"Image":"alpine","Cmd":["sh"],"name":"x"}"#,
        r#"POST /containers/web/stop?t=5 {"t":5}"#,
        r#"POST /exec/e1/start {"hijack":true,"stdin":true}"#,
        // docker-java and Testcontainers
        "GET /v1.32/images/testcontainers%2Fryuk:0.5.1/json",
        "GET /v1.32/info",
        r#"POST /v1.44/containers/create?name=testcontainers-ryuk {"Image":"testcontainers/ryuk:0.5.1","Labels":{"org.testcontainers":"true"},"HostConfig":{"AutoRemove":true,"Binds":["/var/run/docker.sock:/var/run/docker.sock:rw"],"PortBindings":{"8080/tcp":[{}]},"Privileged":null}}"#,
    ] {
        assert_eq!(pass(line), Ok(()), "{line}");
    }
}
