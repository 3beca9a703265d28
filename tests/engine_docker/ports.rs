//! Published ports, at the session's own localhost.

use crate::faults::kill;
use crate::guarded::Sessions;
use std::fs;

/// Shell functions: a server of lines and one of datagrams, and a client of each.
const TOOLS: &str = r#"
server() { docker run -d "$@" $I perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(Listen => 9, LocalPort => 7000, ReuseAddr => 1) or die $!;
    while ($c = $s->accept) { while (<$c>) { print $c "got $_" } close $c }' > /dev/null; }
datagrams() { docker run -d "$@" $I perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(Proto => "udp", LocalPort => 7000) or die $!;
    $s->send("got $m") while $s->recv($m, 1000)' > /dev/null; }
say() { perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(PeerAddr => "localhost", PeerPort => $ARGV[0], Timeout => 5) or die "$!\n";
    print $s "$ARGV[1]\n"; $s->shutdown(1); print <$s>' "$@"; }
tell() { perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "127.0.0.1", PeerPort => $ARGV[0]) or die "$!\n";
    $s->send("$ARGV[1]\n"); vec($r, fileno($s), 1) = 1;
    until (select($q = $r, undef, undef, 0.2)) { $s->send("$ARGV[1]\n") }
    $s->recv($m, 1000); print $m' "$@"; }
port() { docker port "$@" | sed 's/.*://'; }
listen() { perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(Listen => 9, LocalAddr => "127.0.0.1", LocalPort => $ARGV[0]) or die $!;
    exit if fork; sleep 600' "$1"; }
"#;

impl Sessions {
    fn with_tools(&self, options: &[&str], script: &str) -> Vec<String> {
        let said = self.said(options, &format!("{TOOLS}\n{script}"));
        said.lines().map(str::to_owned).collect()
    }

    /// The same in a session that runs, whatever becomes of it.
    fn inside(&self, session: &str, script: &str) -> String {
        let script = format!(
            "exec 2>&1; N={}; I=debian:trixie-slim; {TOOLS}\n{script}",
            self.name()
        );
        let words = ["exec", "-e", "PATH=/opt/hal9000/bin:/usr/bin:/bin", session];
        let words = [&words[..], &["sh", "-c", &script]].concat();
        let said = self.house.bench.docker.run(&words).stdout;
        String::from_utf8_lossy(&said).trim().to_owned()
    }

    fn all_over(self) {
        self.until_over(&self.session());
        self.end();
    }
}

#[test]
fn a_published_port_is_there_when_docker_run_returns_and_gone_when_it_ends() {
    let sessions =
        guarded!("a_published_port_is_there_when_docker_run_returns_and_gone_when_it_ends");
    let said = sessions.with_tools(
        &[],
        "server --name $N -p 7101:7000; say 7101 one
         docker stop -t 0 $N > /dev/null; say 7101 two 2>&1
         docker start $N > /dev/null; say 7101 three
         docker restart -t 0 $N > /dev/null; say 7101 four
         docker rm -f $N > /dev/null; say 7101 five 2>&1
         server --name $N -p 7101:7000; say 7101 six",
    );
    let refused = "Connection refused";
    let expected = ["got one", refused, "got three", "got four", refused];
    assert_eq!(said, [&expected[..], &["got six"]].concat());
    sessions.all_over();
}

#[test]
fn datagrams_low_ports_and_ports_that_the_engine_chooses() {
    let sessions = guarded!("datagrams_low_ports_and_ports_that_the_engine_chooses");
    let said = sessions.with_tools(
        &[],
        r"datagrams --name $N-a -p 7102:7000/udp -p 902:7000/tcp; tell 7102 one
         server --name $N-b -p 901:7000; say 901 two
         server --name $N-c --expose 7000 -P; say $(port $N-c 7000) three
         docker network create $N > /dev/null
         server --name $N-d --network $N -p 7103-7105:7000; say $(port $N-d 7000) four
         docker network connect bridge $N-d; say $(port $N-d 7000) five",
    );
    assert_eq!(
        said,
        ["got one", "got two", "got three", "got four", "got five"]
    );
    sessions.all_over();
}

#[test]
fn a_port_that_is_taken_in_the_session_is_told_in_words() {
    let sessions = guarded!("a_port_that_is_taken_in_the_session_is_told_in_words");
    let said = sessions.with_tools(
        &[],
        "listen 7106; docker run --name $N -p 7106:7000 $I sleep 600 2>&1; echo $?
         docker inspect -f '{{.State.Running}}' $N
         server --name $N-b -p 7107:7000; docker run --name $N-c -p 7107:7000 $I true 2>&1; say 7107 one",
    );
    let text = said.join("\n");
    assert!(
        text.contains("localhost:7106/tcp of this session is taken by a program"),
        "{text}"
    );
    assert!(text.contains("(`-p 7107:…`)"), "{text}");
    assert!(
        said.contains(&"125".to_owned()) && said.contains(&"false".to_owned()),
        "{text}"
    );
    // of a port of the host that is taken the engine speaks
    assert!(text.contains("port is already allocated"), "{text}");
    assert_eq!(said.last().unwrap(), "got one");
    sessions.all_over();
}

#[test]
fn a_compose_project_is_at_localhost_as_it_says() {
    let sessions = guarded!("a_compose_project_is_at_localhost_as_it_says");
    let server = "$$s = IO::Socket::INET->new(Listen => 9, LocalPort => 7000) or die; \
         while ($$c = $$s->accept) { print $$c \"from $$ENV{WHO}\\n\"; close $$c }";
    let service = |name: &str, port: u16| {
        format!(
            "  {name}:\n    image: debian:trixie-slim\n    environment: {{WHO: {name}}}\n    \
             ports: ['{port}:7000']\n    command: [perl, '-MIO::Socket::INET', '-e', '{server}']\n"
        )
    };
    let file = format!(
        "services:\n{}{}",
        service("one", 7142),
        service("two", 7143)
    );
    let project = sessions.house.bench.sandbox.project();
    fs::write(project.join("compose.yaml"), file).unwrap();
    let said = sessions.with_tools(
        &[],
        "export COMPOSE_PROJECT_NAME=$N; docker compose --progress quiet up -d; say 7142 x; say 7143 x
         docker compose --progress quiet down -t 0; say 7142 x 2>&1 || true",
    );
    assert_eq!(said, ["from one", "from two", "Connection refused"]);
    sessions.all_over();
}

/// A program of the session that hands in what it likes whenever there is somebody to take it.
const HOSTILE: &str = r#"
perl -MIO::Socket::UNIX -e '
    for (1 .. 4) { next if fork;
        while (1) {
            socket($s, AF_UNIX, SOCK_SEQPACKET, 0);
            connect($s, pack_sockaddr_un("/run/hal9000/docker/ports.sock")) or select(undef, undef, undef, 0.001), next;
            print STDERR "connected\n" unless $said++;
            send($s, "0123456789abcdef0123456789abcdef tcp:7141 taken 1", 0) if $_ % 2;
            push @kept, $s; undef $s; splice(@kept, 0, 500) if @kept > 500;
        } }' 2> connected &
"#;

#[test]
fn who_hands_in_something_else_is_not_heard() {
    let sessions = guarded!("who_hands_in_something_else_is_not_heard");
    let said = sessions.with_tools(
        &[],
        &format!(
            "{HOSTILE}
             for run in 1 2 3; do server --name $N -p 7141:7000; say 7141 $run; docker rm -f $N > /dev/null; done
             sort -u connected"
        ),
    );
    assert_eq!(said, ["got 1", "got 2", "got 3", "connected"]);
    sessions.all_over();
}

#[test]
fn two_hundred_ports_and_a_container_that_ends_at_once() {
    let sessions = guarded!("two_hundred_ports_and_a_container_that_ends_at_once");
    let session = sessions.house.ok(&["--detach", "shell"]);
    let name = sessions.name();
    let image = "debian:trixie-slim";
    let open = || {
        let pid = sessions.process(&session).unwrap();
        fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
    };
    let listening = || {
        let table = ["exec", &session, "grep", "-c", " 0A ", "/proc/net/tcp"];
        let count = sessions.house.bench.docker.run(&table).stdout;
        String::from_utf8_lossy(&count).trim().to_owned()
    };
    for _ in 0..5 {
        let words = ["run", "--rm", "-p", "7110-7129:7110-7129", image, "true"];
        sessions.docker(&session, &words).unwrap();
    }
    let all_closed = || sessions.house.until("all is closed", || listening() == "0");
    all_closed();
    let before = open();
    let many = "7200-7399:7200-7399";
    let words = [
        "run", "-d", "--name", &name, "-p", many, image, "sleep", "600",
    ];
    sessions.docker(&session, &words).unwrap();
    assert_eq!(listening(), "200");
    sessions.docker(&session, &["kill", &name]).unwrap();
    all_closed();
    // but for what watches the engine, which comes and goes
    let after = open();
    assert!(after < before + 20, "{before} descriptors, then {after}");
    sessions.house.ok(&["kill", &session]);
    sessions.all_over();
}

#[test]
fn a_guard_that_comes_back_opens_the_ports_again() {
    let sessions = guarded!("a_guard_that_comes_back_opens_the_ports_again");
    let session = sessions.house.ok(&["--detach", "shell"]);
    let script = |script: &str| {
        let name = sessions.name();
        let script = format!("N={name}; I=debian:trixie-slim; {TOOLS}\n{script} 2>&1");
        let words = [
            "exec",
            "-e",
            "PATH=/opt/hal9000/bin:/usr/bin:/bin",
            &session,
        ];
        let words = [&words[..], &["sh", "-c", &script]].concat();
        let said = sessions.house.bench.docker.run(&words).stdout;
        String::from_utf8_lossy(&said).trim().to_owned()
    };
    assert_eq!(
        script("server --name $N -p 7108:7000; say 7108 one"),
        "got one"
    );
    kill(&sessions, &session);
    assert_eq!(script("say 7108 two"), "Connection refused");
    assert_eq!(sessions.house.ok(&["--detach", "shell"]), session);
    assert_eq!(script("say 7108 three"), "got three");
    sessions.house.ok(&["kill", &session]);
    sessions.all_over();
}

#[test]
fn workers_share_localhost_and_collide_in_words() {
    let sessions = guarded!("workers_share_localhost_and_collide_in_words");
    sessions.house.start();
    let session = sessions.house.ok(&["--detach", "--via-parent", "shell"]);
    let taken = "listen 7109; server --name $N -p 7132:7000; say 7132 one";
    assert_eq!(sessions.inside(&session, taken), "got one");
    let other = sessions.house.bench.sandbox.make_project("other", &[]);
    let other = other.to_string_lossy();
    let other = sessions
        .house
        .ok(&["--detach", "--via-parent", "--shell", &other]);
    let said = sessions.inside(
        &other,
        "docker run --rm -p 7109:7000 $I sleep 600; docker run --rm -p 7132:7000 $I true; say 7132 two
         server --name $N-b -p 7133:7000; say 7133 three",
    );
    let lines: Vec<&str> = said.lines().collect();
    let program = "localhost:7109/tcp of this session is taken by a program";
    assert!(said.contains(program), "{said}");
    assert!(
        said.contains("7132 failed: port is already allocated"),
        "{said}"
    );
    assert!(
        lines.contains(&"got two") && lines.contains(&"got three"),
        "{said}"
    );
    for session in [session, other] {
        sessions.house.ok(&["kill", &session]);
        sessions.until_over(&session);
    }
    sessions.house.ok(&["daemon", "stop"]);
    sessions.end();
}
