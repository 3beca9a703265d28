//! Published ports, at the session's own localhost.

/// Shell functions: a server of lines, one of datagrams, and their clients.
const TOOLS: &str = r#"
server() { docker run -d "$@" $I perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(Listen => 9, LocalPort => 7000, ReuseAddr => 1) or die $!;
    while ($c = $s->accept) { while (<$c>) { print $c "got $_" } close $c }' > /dev/null; }
say() { perl -MIO::Socket::INET -e '
    $s = IO::Socket::INET->new(PeerAddr => "localhost", PeerPort => $ARGV[0], Timeout => 5) or die "$!\n";
    print $s "$ARGV[1]\n"; $s->shutdown(1); print <$s>' "$@"; }
"#;

#[test]
fn a_published_port_is_there_when_docker_run_returns_and_gone_when_it_ends() {
    let sessions =
        guarded!("a_published_port_is_there_when_docker_run_returns_and_gone_when_it_ends");
    let said = sessions.said(
        &[],
        &format!(
            "{TOOLS}
             server --name $N -p 7101:7000; say 7101 one
             docker stop -t 0 $N > /dev/null; say 7101 two 2>&1
             docker start $N > /dev/null; say 7101 three
             docker restart -t 0 $N > /dev/null; say 7101 four
             docker rm -f $N > /dev/null; say 7101 five 2>&1
             server --name $N -p 7101:7000; say 7101 six"
        ),
    );
    let lines: Vec<&str> = said.lines().collect();
    let refused = "Connection refused";
    let expected = [
        "got one",
        refused,
        "got three",
        "got four",
        refused,
        "got six",
    ];
    assert_eq!(lines, expected);
    sessions.until_over(&sessions.session());
    sessions.end();
}
