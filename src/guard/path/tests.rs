use super::*;
use crate::guard::ownership::Kind;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn speaks() -> Speaks {
    Speaks::new("1.47", Some("1.24")).unwrap()
}

fn get(target: &str) -> Result<Request, crate::guard::Refusal> {
    parse("GET", target.as_bytes(), speaks())
}

#[test]
fn a_request_is_understood_and_written_anew() {
    for (method, target, route, path, query) in [
        ("GET", "/_ping", Route::Ping, "/v1.47/_ping", ""),
        ("HEAD", "/v1.24/_ping", Route::Ping, "/v1.41/_ping", ""),
        (
            "GET",
            "/v1.45/containers/json?all=1&limit=-1",
            Route::ContainerList,
            "/v1.45/containers/json",
            "all=1&limit=-1",
        ),
        (
            "POST",
            "/v1.45/containers/web/stop?signal=SIGINT&t=",
            Route::ContainerStop,
            "/v1.45/containers/web/stop",
            "signal=SIGINT",
        ),
        (
            "GET",
            "/images/ghcr.io/a/b:1/json",
            Route::ImageInspect,
            "/v1.47/images/ghcr.io/a/b:1/json",
            "",
        ),
        // as docker-java sends it
        (
            "GET",
            "/images/testcontainers%2Fryuk%3A0.5/json",
            Route::ImageInspect,
            "/v1.47/images/testcontainers/ryuk:0.5/json",
            "",
        ),
        (
            "DELETE",
            "/images/a/json",
            Route::ImageDelete,
            "/v1.47/images/a/json",
            "",
        ),
        (
            "GET",
            "/v1.45/containers/x/archive?path=%2Fa+b%2B",
            Route::ArchiveGet,
            "/v1.45/containers/x/archive",
            "path=%2Fa%20b%2B",
        ),
        (
            "POST",
            "/build?t=a&t=b&q=TRUE",
            Route::Build,
            "/v1.47/build",
            "t=a&t=b&q=1",
        ),
        (
            "POST",
            "/containers/create?Image=x&name=y",
            Route::ContainerCreate,
            "/v1.47/containers/create",
            "name=y",
        ),
        (
            "GET",
            "/networks/0a1b",
            Route::NetworkInspect,
            "/v1.47/networks/0a1b",
            "",
        ),
    ] {
        let request =
            parse(method, target.as_bytes(), speaks()).unwrap_or_else(|e| panic!("{target}: {e}"));
        assert_eq!(request.row.route, route, "{target}");
        assert_eq!(request.path(None), path, "{target}");
        assert_eq!(request.query.encode(), query, "{target}");
    }
    let request = get("/containers/web/json").unwrap();
    assert_eq!(request.path(Some("0123")), "/v1.47/containers/0123/json");
    assert_eq!(request.audited_path(), "/containers/web/json");
    assert_eq!(request.object.unwrap().kind, Kind::Container);
}

/// guard-policy §2.1, and the rows of §1.3 that are about paths.
#[test]
fn evasions_of_the_path_are_refused() {
    let rows: &[(&str, &str, &str)] = &[
        ("POST", "//v1.41//containers/create", "TARGET"),
        ("POST", "/v1.41//containers/create", "TARGET"),
        ("POST", "/v1.41/./containers/create", "TARGET"),
        ("POST", "/v1.41/x/../containers/create", "TARGET"),
        ("POST", "/v1.41/%2e%2e/containers/create", "ROUTE"),
        ("POST", "/%2Fv1.41/containers/create", "ROUTE"),
        ("POST", "/v1.41/containers%2Fcreate", "ROUTE"),
        ("POST", "/v1.41/%63ontainers/create", "ROUTE"),
        ("GET", "/v1.41/containers/aaa%2Fjson", "ROUTE"),
        ("DELETE", "/v1.41/containers/aaa%2Fjson", "NAME"),
        ("GET", "/v1.41/containers/%61rchive%2F..%2Fx/json", "NAME"),
        ("GET", "/v1.41/containers/%2e%2e/json", "NAME"),
        ("GET", "/v1.41/containers/a%00b/json", "TARGET"),
        ("GET", "/v1.41/containers/a%zz/json", "TARGET"),
        ("GET", "/v1.41/containers/a%2561/json", "NAME"),
        ("GET", "/v1.41/containers/a%ff/json", "TARGET"),
        ("GET", "/v1.41/images/..%2f..%2fcontainers/json", "NAME"),
        ("GET", "/v1.41/images/a%2f%2fb/json", "NAME"),
        ("GET", "/v1.41/images/%2fa/json", "NAME"),
        ("GET", "/v1.41/images/a%3fb/json", "NAME"),
        ("POST", "/containers/create/", "TARGET"),
        ("GET", "/containers//json", "TARGET"),
        ("GET", "/networks/", "TARGET"),
        ("POST", "/V1.41/containers/create", "ROUTE"),
        ("POST", "/v/containers/create", "ROUTE"),
        ("POST", "/v1.041/containers/create", "API-VERSION"),
        ("POST", "/v1..41/containers/create", "API-VERSION"),
        ("POST", "/v1.53/containers/create", "API-VERSION"),
        ("POST", "/v1.41.1/containers/create", "API-VERSION"),
        ("POST", "/v4.0.0/libpod/containers/create", "API-VERSION"),
        ("POST", "/containers/create;x=1", "TARGET"),
        ("POST", "/containers/create#a", "TARGET"),
        ("POST", "/containers\\create", "TARGET"),
        ("POST", "http://evil/v1.41/containers/create", "TARGET"),
        ("POST", "*", "TARGET"),
        ("POST", "", "TARGET"),
        ("POST", "/", "TARGET"),
        ("POST", "/v1.41", "TARGET"),
        ("POST", "/containers/create\u{e9}", "TARGET"),
        ("POST", "/containers/create x", "TARGET"),
        ("PRI", "*", "METHOD"),
        ("post", "/containers/create", "METHOD"),
        ("OPTIONS", "/containers/json", "METHOD"),
        ("PATCH", "/containers/json", "METHOD"),
        ("CONNECT", "/containers/json", "METHOD"),
        ("PUT", "/containers/create", "ROUTE"),
        ("GET", "/containers/create", "ROUTE"),
        ("GET", "/Containers/json", "ROUTE"),
        ("GET", "/unheard-of", "ROUTE"),
        ("POST", "/libpod/containers/create", "LIBPOD"),
        ("POST", "/swarm/init", "SWARM"),
        ("POST", "/services/create", "SWARM"),
        ("POST", "/plugins/pull?remote=x", "PLUGIN"),
        ("POST", "/plugins/a/b:c/enable", "PLUGIN"),
        ("GET", "/debug/pprof/heap", "DEBUG"),
        ("GET", "/containers/x/attach/ws", "ATTACH-WS"),
        ("POST", "/containers/x/checkpoints", "CHECKPOINT"),
        ("DELETE", "/containers/x/checkpoints/y", "CHECKPOINT"),
        ("PUT", "/volumes/x", "VOLUME-CLUSTER"),
    ];
    for (method, target, id) in rows {
        let refusal = parse(method, target.as_bytes(), speaks()).unwrap_err();
        assert_eq!(refusal.rule.id, format!("HAL-G-{id}"), "{method} {target}");
    }
}

#[test]
fn evasions_of_the_query_are_refused() {
    for (method, target, id) in [
        ("POST", "/containers/x/rename?name=a&name=b", "QUERY"),
        ("GET", "/containers/json?filters={}&filters={}", "QUERY"),
        ("GET", "/containers/json?Filters={}", "QUERY"),
        ("GET", "/containers/json?%66ilters={}", "QUERY"),
        ("GET", "/containers/json?all=1;limit=2", "QUERY"),
        ("GET", "/containers/json?all=maybe", "QUERY"),
        ("GET", "/containers/json?limit=1e3", "QUERY"),
        ("GET", "/containers/json?limit=+1", "QUERY"),
        ("GET", "/containers/json?filters=%f", "QUERY"),
        ("GET", "/containers/json?filters=%00", "QUERY"),
        ("GET", "/containers/json?filters=%ff", "QUERY"),
        ("POST", "/containers/x/start?checkpoint=a", "CHECKPOINT"),
        (
            "POST",
            "/containers/x/start?checkpoint-dir=/etc",
            "CHECKPOINT",
        ),
        ("POST", "/build?remote=http://127.0.0.1/", "BUILD-REMOTE"),
        ("POST", "/build?cgroupparent=x", "BUILD-CGROUP"),
        (
            "POST",
            "/build?securityopt=seccomp=unconfined",
            "BUILD-SECURITY-OPT",
        ),
        ("POST", "/build?session=x", "BUILDKIT"),
        ("POST", "/images/create?image=x", "QUERY"),
        ("POST", "/containers/create?image=x", "QUERY"),
    ] {
        let refusal = parse(method, target.as_bytes(), speaks()).unwrap_err();
        assert_eq!(refusal.rule.id, format!("HAL-G-{id}"), "{method} {target}");
    }
    let long = format!("/containers/json?filters={}", "x".repeat(70_000));
    assert_eq!(get(&long).unwrap_err().status, 414);
}

/// What dockerd registers, as read in moby's routers (container, checkpoint, image, network, volume,
/// system, build, session, grpc, distribution, swarm, plugin), with `x` for every name.
#[rustfmt::skip]
const REGISTERED: &[(&str, &str)] = &[
    ("HEAD", "/containers/x/archive /_ping"),
    ("GET", "/containers/json /containers/x/export /containers/x/changes /containers/x/json \
        /containers/x/top /containers/x/logs /containers/x/stats /containers/x/attach/ws \
        /exec/x/json /containers/x/archive /containers/x/checkpoints /images/json /images/search \
        /images/get /images/x/get /images/x/history /images/x/json /images/x/attestations \
        /networks /networks/x /volumes /volumes/x /_ping /events /info /version /system/df \
        /distribution/x/json /swarm /swarm/unlockkey /services /services/x /services/x/logs /nodes \
        /nodes/x /tasks /tasks/x /tasks/x/logs /secrets /secrets/x /configs /configs/x /plugins \
        /plugins/x/json /plugins/privileges /debug/vars /debug/pprof/cmdline \
        /debug/pprof/profile /debug/pprof/symbol /debug/pprof/trace /debug/pprof/x"),
    ("POST", "/containers/create /containers/x/kill /containers/x/pause /containers/x/unpause \
        /containers/x/restart /containers/x/start /containers/x/stop /containers/x/wait \
        /containers/x/resize /containers/x/attach /containers/x/exec /exec/x/start /exec/x/resize \
        /containers/x/rename /containers/x/update /containers/prune /commit \
        /containers/x/checkpoints /images/load /images/create /images/x/push /images/x/tag \
        /images/prune /networks/create /networks/x/connect /networks/x/disconnect \
        /networks/prune /volumes/create /volumes/prune /auth /build /build/prune /build/cancel \
        /session /grpc /swarm/init /swarm/join /swarm/leave /swarm/update /swarm/unlock \
        /services/create /services/x/update /nodes/x/update /secrets/create /secrets/x/update \
        /configs/create /configs/x/update /plugins/x/enable /plugins/x/disable /plugins/pull \
        /plugins/x/push /plugins/x/upgrade /plugins/x/set /plugins/create"),
    ("PUT", "/containers/x/archive /volumes/x"),
    ("DELETE", "/containers/x /containers/x/checkpoints/x /images/x /networks/x /volumes/x \
        /services/x /nodes/x /secrets/x /configs/x /plugins/x"),
];

#[test]
fn every_registered_route_has_a_verdict() {
    for (method, paths) in REGISTERED {
        for path in paths.split_whitespace() {
            if let Err(refusal) = parse(method, path.as_bytes(), speaks()) {
                assert_ne!(refusal.rule, crate::guard::rule::ROUTE, "{method} {path}");
                // the last that docker's `inspect` asks for, which must be able to say that nothing is there
                let inspected = path.contains("/plugins/") && path.ends_with("/json");
                let status = if inspected { 404 } else { 403 };
                assert_eq!(refusal.status, status, "{method} {path}");
            }
        }
    }
}

/// What is passed on is registered; everything else has the rule of its row, or the default.
#[test]
fn nothing_but_what_is_registered_passes() {
    for (_, paths) in REGISTERED {
        for path in paths.split_whitespace() {
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
                let registered = REGISTERED.iter().any(|(of, paths)| {
                    *of == method && paths.split_whitespace().any(|one| one == path)
                });
                match parse(method, path.as_bytes(), speaks()) {
                    Ok(request) => {
                        // a name can be a word that is a route for another method
                        let named = request.object.is_some_and(|object| object.name != "x");
                        assert!(registered || named, "{method} {path}");
                    }
                    Err(refusal) => assert!(refusal.rule.id.starts_with("HAL-G-"), "{path}"),
                }
            }
        }
    }
    // and the table has no route that no engine has, but for podman's
    let apart = |row: &&Row| {
        !["/libpod", "/debug"]
            .iter()
            .any(|root| row.path.starts_with(root))
    };
    for row in ROUTES.iter().filter(apart) {
        let parts = row
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let of_method = REGISTERED
            .iter()
            .find(|(method, _)| *method == row.method.as_str());
        let mut paths = of_method
            .into_iter()
            .flat_map(|(_, paths)| paths.split_whitespace());
        assert!(paths.any(|known| known == path), "{} {path}", row.method);
    }
}

#[test]
fn every_route_of_the_engine_is_in_the_table_once() {
    let mut rows = BTreeSet::new();
    for row in ROUTES {
        assert!(
            rows.insert((row.method, row.path)),
            "{} {} twice",
            row.method,
            row.path
        );
        let placeholders = row.path.matches('{').count();
        let refused = matches!(row.permission, Permission::Refused(_));
        assert!(placeholders <= 1 || refused, "{}", row.path);
        assert_eq!(refused, row.route == Route::Refused, "{}", row.path);
        let mut names = BTreeSet::new();
        assert!(
            row.query.iter().all(|param| names.insert(param.name)),
            "{}",
            row.path
        );
    }
    let count = |prefix: &str| {
        ROUTES
            .iter()
            .filter(|row| row.path.starts_with(prefix))
            .count()
    };
    for (prefix, expected) in [
        ("/containers", 29),
        ("/exec", 3),
        ("/commit", 1),
        ("/images", 13),
        ("/networks", 7),
        ("/volumes", 6),
        ("/build", 3),
        ("/session", 1),
        ("/grpc", 1),
        ("/swarm", 7),
        ("/services", 6),
        ("/nodes", 4),
        ("/tasks", 3),
        ("/secrets", 5),
        ("/configs", 5),
        ("/plugins", 11),
        ("/distribution", 1),
        ("/_ping", 2),
        ("/auth", 1),
        ("/events", 1),
        ("/info", 1),
        ("/version", 1),
        ("/system/df", 1),
    ] {
        assert_eq!(count(prefix), expected, "{prefix}");
    }
}

proptest! {
    #[test]
    fn no_target_makes_it_panic(method in "[A-Z]{0,8}", target in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = parse(&method, &target, speaks());
    }

    /// Whatever is accepted is written in one way, which is accepted again as the same.
    #[test]
    fn what_is_written_reads_back_as_itself(
        method in "GET|POST|DELETE|HEAD|PUT",
        target in "(/v1\\.4[0-9])?/(containers|images|networks|volumes|exec|build|commit)(/[a-z%2fF.:]{1,6}){0,3}(\\?(all|t|name|path|filters|v)=[a-z%0-9+]{0,6}(&t=[a-z+%41]{0,5})?)?",
    ) {
        if let Ok(request) = parse(&method, target.as_bytes(), speaks()) {
            let query = request.query.encode();
            let written = format!("{}{}{query}", request.path(None), if query.is_empty() { "" } else { "?" });
            prop_assert!(!request.path(None).contains(['%', '\\', ';']) || request.object.is_some());
            let again = parse(&method, written.as_bytes(), speaks()).unwrap();
            prop_assert_eq!(again.row.path, request.row.path);
            prop_assert_eq!(again.path(None), request.path(None));
            prop_assert_eq!(again.query, request.query);
        }
    }
}
