# One side of a connection, in a container: `serve PORT`, or `measure ROUNDS MEGABYTES HOST:PORT…`, which
# takes turns and writes a line for each measurement: what, where, seconds.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Config;

my $PIECE = 256 * 1024;

sub serve {
    my $server = IO::Socket::INET->new(Listen => 9, LocalPort => $_[0], ReuseAddr => 1) or die $!;
    while (my $client = $server->accept) {
        next if fork;
        setsockopt($client, IPPROTO_TCP, TCP_NODELAY, 1);
        sysread($client, my $what, 1);
        my $piece = "x" x $PIECE;
        if ($what eq "e") { while (sysread($client, my $byte, 1)) { syswrite($client, $byte) } }
        if ($what eq "r") { 1 while sysread($client, $piece, $PIECE); syswrite($client, "k") }
        if ($what eq "w") { 1 while syswrite($client, $piece) }
        exit;
    }
}

sub connected {
    my $socket = IO::Socket::INET->new($_[0]) or die "$_[0]: $!";
    setsockopt($socket, IPPROTO_TCP, TCP_NODELAY, 1);
    return $socket;
}

# clock_gettime(CLOCK_MONOTONIC): Time::HiRes is not in every image.
my $CLOCK = $Config{archname} =~ /^aarch64/ ? 113 : 228;

sub now {
    my $time = "\0" x 16;
    syscall($CLOCK, 1, $time) == 0 or die $!;
    my ($seconds, $rest) = unpack("q2", $time);
    return $seconds + $rest / 1e9;
}

sub measure {
    my ($rounds, $megabytes, @places) = @_;
    my %echo = map { my $it = connected($_); syswrite($it, "e"); $_ => $it } @places;
    for my $round (1 .. 200 * $rounds) {
        for my $place ($round % 2 ? @places : reverse @places) {
            my $begin = now();
            syswrite($echo{$place}, "x");
            sysread($echo{$place}, my $byte, 1);
            print "echo $place ", now() - $begin, "\n";
        }
    }
    my $size = $megabytes * 1_000_000;
    my $piece = "x" x $PIECE;
    for my $round (1 .. $rounds) {
        for my $place ($round % 2 ? @places : reverse @places) {
            my $socket = connected($place);
            syswrite($socket, "r");
            my ($begin, $sent) = (now(), 0);
            $sent += syswrite($socket, $piece) while $sent < $size;
            shutdown($socket, 1);
            sysread($socket, my $byte, 1);
            print "send $place ", now() - $begin, "\n";
            $socket = connected($place);
            syswrite($socket, "w");
            my $got = 0;
            $begin = now();
            $got += sysread($socket, my $buffer, $PIECE) while $got < $size;
            print "receive $place ", now() - $begin, "\n";
        }
    }
}

$SIG{CHLD} = "IGNORE";
$SIG{PIPE} = "IGNORE";
$| = 1;
my $what = shift @ARGV;
$what eq "serve" ? serve(@ARGV) : measure(@ARGV);
