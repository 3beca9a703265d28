//! Sessions in the parent's network.

use std::thread;

#[test]
fn what_one_worker_writes_another_reads_and_it_outlives_the_parent() {
    let house = house!("what_one_worker_writes_another_reads_and_it_outlives_the_parent");
    house.start();
    let (one, two) = (house.worker("one"), house.worker("two"));
    assert!(house.reaches(&one) && house.reaches(&two));
    house.write(&one, "remembered");
    assert_eq!(house.read(&two), ["remembered"]);
    assert_eq!(
        house.inside(&one, "echo $CHROMADB_HOST:$CHROMADB_PORT"),
        "localhost:8000"
    );
    let status = house.status();
    let workers = status["workers"].as_array().unwrap();
    assert_eq!(workers.len(), 2, "{status}");
    assert!(
        workers
            .iter()
            .all(|it| it["running"] == true && it["stranded"] == false)
    );

    // Sessions run in it: it is not stopped unasked.
    let refused = house.run(&["daemon", "stop"]).expect_code(1);
    assert!(refused.stderr.contains(&one) && refused.stderr.contains("--force"));
    house.ok(&["kill", &one, &two]);
    house.ok(&["daemon", "stop"]);
    house.start();
    let three = house.worker("three");
    assert_eq!(house.read(&three), ["remembered"]);
    house.end();
}

#[test]
fn a_session_goes_through_the_parent_where_that_runs_and_nothing_speaks_against_it() {
    let house =
        house!("a_session_goes_through_the_parent_where_that_runs_and_nothing_speaks_against_it");
    let parent = format!("--network container:{}", house.parent());
    let bridge = "--network bridge".to_owned();
    let print = |words: &[&str]| house.ok(&[words, &["--print"]].concat());
    assert!(print(&[]).contains(&bridge));
    assert!(print(&["--via-parent"]).contains(&parent));
    assert!(
        house.bench.containers().is_empty(),
        "--print starts nothing"
    );

    // The first one starts it.
    let beat = "curl -sf http://localhost:8000/api/v2/heartbeat";
    let said = house
        .run(&["--via-parent", "shell", "sh", "-c", beat])
        .expect_code(0);
    assert!(said.stdout.contains("heartbeat"), "{said:?}");
    for (words, network) in [
        (&[][..], &parent),
        (&["--direct"], &bridge),
        (&["--publish", "80"], &bridge),
    ] {
        assert!(print(words).contains(network), "{words:?}");
    }
    assert!(print(&["--network", "none"]).contains("--network none"));
    let refused = house
        .run(&["--via-parent", "--publish", "80"])
        .expect_code(2);
    assert!(refused.stderr.contains("published"), "{}", refused.stderr);
    house.run(&["--via-parent", "--direct"]).expect_code(2);
    house
        .run(&["--via-parent", "--network", "none"])
        .expect_code(2);
    house.end();
}

#[test]
fn a_worker_is_a_session_like_any_other() {
    let house = house!("a_worker_is_a_session_like_any_other");
    house.start();
    let via = house.worker("via");
    let dir = house.bench.sandbox.make_project("direct", &[]);
    let direct = house.ok(&["--direct", "-d", "-s", &dir.to_string_lossy()]);
    let list = house.ok(&["sessions"]);
    assert!(list.contains(&via) && list.contains(&direct), "{list}");
    assert!(!list.contains(&house.parent()), "{list}");
    for template in [
        "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}}",
        "{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.SecurityOpt}}",
        "{{.HostConfig.Init}} {{.Config.Image}} {{.Config.Cmd}}",
        "{{range .Mounts}}{{.Destination}} {{.RW}} {{end}}",
    ] {
        let field = |name: &str, project: &str| {
            let text = house.bench.field(name, template).replace(project, "P");
            let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        assert_eq!(field(&via, "home/via"), field(&direct, "home/direct"));
    }
    assert!(!house.reaches(&direct));

    // Nobody asks the coordinator: it hears of them from the engine.
    let told = |what: &str| {
        let log = house.ok(&["daemon", "logs", "coordinator"]);
        let of = |name: &str| {
            log.lines()
                .any(|line| line.contains(what) && line.contains(name))
        };
        assert!(!of(&direct), "{log}");
        of(&via)
    };
    house.until("the coordinator knows of it", || told("a worker runs"));
    assert_eq!(house.ok(&["logs", &via]), "");
    assert_eq!(house.ok(&["kill", &via]), via);
    house.until("the coordinator knows that it is gone", || {
        told("a worker is gone")
    });
    house.end();
}

#[test]
fn twenty_workers_at_once() {
    let house = house!("twenty_workers_at_once");
    house.start();
    let names: Vec<String> = thread::scope(|scope| {
        let start = |n: usize| house.worker(&format!("p{n}"));
        let starts: Vec<_> = (0..20).map(|n| scope.spawn(move || start(n))).collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    let registry = |house: &crate::support::house::House| -> Vec<String> {
        let status = house.status();
        let workers = status["workers"].as_array().unwrap().iter();
        let well = workers.filter(|it| it["running"] == true && it["stranded"] == false);
        well.map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut expected = names.clone();
    expected.sort();
    assert_eq!(registry(&house), expected);
    let began = std::time::Instant::now();
    house.status();
    eprintln!("status with 20 workers: {} ms", began.elapsed().as_millis());
    let rss = house.inside(&house.parent(), "grep VmRSS /proc/1/status");
    eprintln!("coordinator with 20 workers: {rss}");
    assert!(names.iter().all(|name| house.reaches(name)));
    house.ok(&["kill", "--all"]);
    assert_eq!(registry(&house), Vec::<String>::new());
    house.end();
}
