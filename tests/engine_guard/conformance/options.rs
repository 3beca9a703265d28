//! What containers can be told, and how objects are shown.

use super::Script;

pub(super) const SCRIPTS: &[Script] = &[
    ("health", "docker run -d --init --name $N --health-cmd 'test -e /up' --health-interval 1s --health-retries 30 $I sh -c 'touch /up; sleep 60' >/dev/null
        until [ $(docker inspect --format '{{.State.Health.Status}}' $N) = healthy ]; do :; done
        docker inspect --format '{{.Config.Healthcheck.Test}} {{.Config.Healthcheck.Interval}}' $N; docker rm -f $N
        docker run --rm --no-healthcheck $I true"),
    ("files", "printf 'A=1\\nB=two words\\n' > env; printf 'l1=v1\\nl2=\\n' > labels
        C=only docker run --env-file env -e C -e D=4 --label-file labels -l l3=v3 --cidfile cid --name $N $I sh -c 'echo $A $B $C $D'
        docker inspect --format '{{index .Config.Labels \"l1\"}} {{index .Config.Labels \"l3\"}}' $(cat cid); docker rm $(cat cid) | wc -c
        docker run --rm --cidfile cid $I true 2>&1 | head -1"),
    ("mount-forms", "docker run --rm --mount type=volume,src=$N,dst=/v $I touch /v/a
        docker run --rm --mount type=volume,source=$N,target=/v,readonly $I sh -c 'ls /v; touch /v/b' 2>/dev/null; echo $?
        docker run --rm --mount type=bind,src=$P/src,dst=/s,readonly $I sh -c 'cat /s/file; touch /s/x' 2>/dev/null; echo $?
        docker run --rm --mount type=bind,src=$P,dst=/w $I sh -c 'touch /w/by-mount; ls /w/by-mount; rm /w/by-mount'
        docker run --rm --mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770 $I sh -c 'stat -c %a /t; df -k /t | tail -1 | cut -c1-5'
        docker run --rm --tmpfs /t:rw,size=2m,noexec $I sh -c 'grep -c \" /t tmpfs\" /proc/mounts'
        docker run --rm -v $N:/v:ro -v /anonymous $I ls /v
        docker create --name $N -v $N:/v $I true >/dev/null; docker run --rm --volumes-from $N $I ls /v; docker rm $N; docker volume rm $N"),
    ("wrong-mounts", "docker run --rm -v relative/path:/x $I true 2>/dev/null; echo $?; docker run --rm --mount type=bind,src=$P/absent,dst=/x $I true 2>&1 | grep -c -i 'not exist'
        docker run --rm -v $P/src:x $I true 2>&1 | grep -c absolute"),
    ("ports", "docker run -d --init --name $N --expose 81 -p 127.0.0.1::80 -p 53/udp -P $I sleep 60 >/dev/null
        docker port $N | sed 's/:[0-9]*$/:P/' | sort; docker port $N 80 | sed 's/[0-9]*$//'
        docker inspect --format '{{json .HostConfig.PortBindings}} {{len .NetworkSettings.Ports}}' $N; docker rm -f $N
        docker create --name $N -p 99999:80 $I 2>&1 | tail -1"),
    ("served", "docker run -d --init --name $N -p 127.0.0.1::80 $I perl -MIO::Socket -e '
            $s = IO::Socket::INET->new(Listen => 1, LocalPort => 80, ReuseAddr => 1); $c = $s->accept; print $c \"served\\n\"' >/dev/null
        until docker top $N | grep -q perl; do :; done; P=$(docker port $N 80)
        until perl -MIO::Socket -e '$s = IO::Socket::INET->new($ARGV[0]) or exit 1; $l = <$s>; print $l; exit !$l' $P; do :; done; docker wait $N; docker rm $N"),
    ("addresses", "docker network create --subnet 10.213.7.0/24 --gateway 10.213.7.1 $N >/dev/null
        docker run -d --init --name $N --network $N --ip 10.213.7.9 --mac-address 02:42:0a:00:00:09 --network-alias other --dns 10.213.7.1 --dns-search example.test --domainname d.test --hostname h $I sleep 60 >/dev/null
        docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.MacAddress}} {{.Gateway}}{{end}}' $N
        docker exec $N sh -c 'hostname -f; grep search /etc/resolv.conf; cat /sys/class/net/eth0/address'
        docker run --rm --network $N $I getent hosts other; docker run --rm --network $N --link $N:linked $I getent hosts linked | cut -d' ' -f1
        docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{end}} {{range .Containers}}{{.IPv4Address}}{{end}}' $N
        docker run --rm --network $N --ip 10.9.9.9 $I true 2>&1 | grep -o 'no configured subnet.*'; docker rm -f $N; docker network rm $N"),
    ("connect", "docker network create --internal --label a=b $N >/dev/null; docker create --init --name $N $I sleep 60 >/dev/null
        docker network connect --alias one --alias two $N $N; docker start $N; docker inspect --format '{{len .NetworkSettings.Networks}}' $N
        docker run --rm --network $N $I sh -c 'getent hosts one two | wc -l'; docker network disconnect -f $N $N
        docker network inspect --format '{{.Internal}} {{.Labels.a}} {{len .Containers}}' $N; docker network rm $N; docker rm -f $N
        docker network create --driver nosuch $N >/dev/null 2>&1"),
    ("shared-network", "docker run -d --init --name $N --hostname first $I sleep 60 >/dev/null; docker run --rm --network container:$N $I hostname
        docker run --rm --pid container:$N --ipc container:$N $I sh -c 'grep -c sleep /proc/1/cmdline || cat /proc/*/comm | grep -c sleep'; docker rm -f $N
        docker run --rm --network none $I sh -c 'ls /sys/class/net'; docker run --rm --network bridge $I sh -c 'ls /sys/class/net | tr \"\\n\" \" \"'"),
    ("limits", "docker run --rm --ulimit nofile=64:128 --ulimit core=0 --sysctl net.ipv4.ip_forward=1 --sysctl net.core.somaxconn=99 --shm-size 2m --group-add 4321 --oom-score-adj 100 $I \
            sh -c 'ulimit -n; ulimit -Hn; cat /proc/sys/net/core/somaxconn; df -k /dev/shm | tail -1 | awk \"{print \\$2}\"; id -G; cat /proc/self/oom_score_adj'
        docker create --name $N -m 32m --memory-swap 64m --memory-reservation 16m -c 512 --cpus 0.5 --cpuset-cpus 0 --pids-limit 20 --blkio-weight 0 $I >/dev/null
        docker inspect --format '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.CPUShares}} {{.HostConfig.NanoCpus}} {{.HostConfig.CpusetCpus}} {{.HostConfig.PidsLimit}}' $N
        docker update -m 48m --memory-swap 96m $N; docker inspect --format '{{.HostConfig.Memory}}' $N; docker rm $N"),
    ("signals", "docker run -d --name $N --stop-signal SIGUSR1 --stop-timeout 5 $I bash -c 'trap \"echo usr1; exit 3\" USR1; echo ready; while :; do sleep 0.1; done' >/dev/null
        until docker logs $N 2>&1 | grep -q ready; do :; done; docker stop $N; docker wait $N; docker logs $N; docker rm $N"),
    ("status", "for c in true false 'sh -c \"exit 42\"' nosuch /etc/passwd; do eval docker run --rm $I $c >/dev/null 2>&1; echo $?; done
        docker run --rm --nosuchflag $I 2>/dev/null; echo $?; docker run --rm --entrypoint /nosuch $I 2>/dev/null; echo $?; docker run --rm ''$I true; docker run 2>&1 | head -1
        docker start -a ${N}x >/dev/null 2>&1; echo $?; docker exec ${N}x true 2>&1; echo $?"),
    ("capabilities", "docker run --rm --cap-drop ALL --cap-add CHOWN --cap-add cap_net_bind_service $I grep CapEff /proc/self/status; docker run --rm --security-opt no-new-privileges:true $I grep NoNewPrivs /proc/self/status
        docker run --rm --read-only --userns '' --cgroupns private --uts '' --ipc private $I sh -c 'touch /x' 2>&1"),
    ("logging", "docker run -d --name $N --log-driver json-file --log-opt max-size=1m --log-opt max-file=2 $I sh -c 'echo out; echo err >&2' >/dev/null; docker wait $N
        docker logs $N 2>/dev/null; docker logs $N 2>&1 >/dev/null; docker inspect --format '{{.HostConfig.LogConfig.Config}}' $N; docker rm $N
        docker run -d --name $N --log-driver none $I echo x >/dev/null; docker wait $N; docker logs $N 2>&1; docker rm $N"),
];

/// How objects are listed and shown.
pub(super) const OBJECTS: &[Script] = &[
    ("inspected", "docker volume create --label a=b $N >/dev/null; docker network create --label a=b -o com.docker.network.driver.mtu=1400 $N >/dev/null
        docker create --name $N --network $N -v $N:/v -v $P/src:/s:ro -p 127.0.0.1::80 -w /tmp -u 5 -e A=b --label l=1 $I sh -c 'echo x' >/dev/null
        docker inspect --format '{{.Name}} {{.Path}} {{.Args}} {{.State.Status}} {{.Config.Image}} {{.Config.User}} {{.Config.WorkingDir}} {{.Config.Labels.l}} {{.Driver}} {{.Platform}} {{.RestartCount}}' $N
        docker inspect --format '{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}}|{{end}}' $N | tr '|' '\\n' | sort
        docker inspect --format '{{json .HostConfig.PortBindings}}' $N; docker inspect --size --format '{{.SizeRw}}' $N
        docker inspect --format '{{range $k, $v := .NetworkSettings.Networks}}{{$k}} {{json $v.Aliases}}{{end}}' $N
        docker inspect --type volume --format '{{.Driver}} {{.Labels.a}} {{.Scope}} {{json .Options}}' $N; docker inspect --type network --format '{{.Driver}} {{.Labels.a}} {{.Scope}} {{.Options}} {{.Attachable}}' $N
        docker inspect $N --format '{{.Name}}'; docker inspect --type image $N 2>&1; docker rm $N; docker network rm $N; docker volume rm $N; docker inspect $N 2>&1"),
    ("volumes", "docker volume create --label k=v $N; docker volume create $N; docker volume create --driver local --opt type=tmpfs --opt device=tmpfs --opt o=size=1m $N-t
        docker run --rm -v $N-t:/t $I sh -c 'df -k /t | tail -1 | cut -c1-5'; docker volume ls --filter label=k=v --format '{{.Name}} {{.Driver}} {{.Labels}}' | sed 's/hal9000.test=[^,]*,*//;s/,$//' | grep $N
        docker volume ls -q --filter name=$N --filter dangling=true; docker volume inspect $N $N-t --format '{{.Name}} {{.Options}}'
        docker run --name $N -v $N:/v $I true; docker volume rm $N 2>&1 | grep -c 'in use'; docker rm $N; docker volume rm $N $N-t; docker volume rm -f $N"),
    ("networks", "docker network create $N >/dev/null; docker network ls --filter name=$N --format '{{.Name}} {{.Driver}} {{.Scope}}'; docker network ls --filter driver=bridge --format '{{.Name}}' | grep -c '^bridge$'
        docker network inspect bridge none --format '{{.Name}} {{.Driver}}'; docker network create $N 2>&1; docker network rm $N; docker network rm bridge 2>&1 | grep -c bridge"),
    ("listed", "docker create --name $N-1 -l k=$N $I >/dev/null; docker run -d --init --name $N-2 -l k=$N $I sleep 60 >/dev/null; docker run --name $N-3 -l k=$N $I sh -c 'exit 3'; until docker ps -a --filter name=$N-3 --format '{{.State}}' | grep -q exited; do :; done
        F=\"--filter label=k=$N\"; docker ps -a $F --format '{{.Names}} {{.State}}' | sort; docker ps -q $F | wc -l; docker ps -aq $F --filter exited=3 --filter status=exited | wc -l
        docker ps -a $F --filter ancestor=$I -q | wc -l; docker ps -l $F --format '{{.Names}}'; docker ps -n 2 $F -q | wc -l; docker ps -a $F --no-trunc -q | head -1 | wc -c
        docker ps -a --filter since=$N-1 $F --format '{{.Names}}' | sort; docker ps -as $F --format '{{.Size}}' | grep -c virtual; docker rm -f $N-1 $N-2 $N-3"),
    ("told", "docker version --format '{{.Server.Os}} {{.Server.Version}} {{.Server.APIVersion}} {{.Client.Os}}'; docker info --format '{{.OSType}} {{.Driver}} {{.ServerVersion}} {{.NCPU}} {{.CgroupDriver}} {{.Swarm.LocalNodeState}}'
        docker context ls --format '{{.Name}}' 2>/dev/null; docker system df --format '{{.Type}}'; docker system info --format '{{.Architecture}}'; docker system df -v >/dev/null; echo $?"),
    ("changed", "docker run --name $N $I sh -c 'echo a > /new; rm /etc/hostname 2>/dev/null; rm -rf /srv' ; docker diff $N | grep -E 'new|srv' | sort; docker container ls -a --filter name=$N --format '{{.Status}}' | cut -c1-10
        docker export $N | tar tf - new; docker rename $N $N-r; docker inspect --format '{{.Name}}' $N-r; docker rm $N-r; docker rename $N $N-r 2>&1"),
];

/// What only the guard says, and the reason.
pub(super) const DIFFERENT: &[(&str, &str, &str)] = &[
    // devices of the host are not the session's
    ("gpus", "HAL-G-", "docker run --rm --gpus all $I true"),
    (
        "device",
        "HAL-G-",
        "docker run --rm --device /dev/null:/dev/x $I true",
    ),
    (
        "privileged",
        "HAL-G-PRIVILEGED",
        "docker run --rm --privileged $I true",
    ),
    (
        "host-network",
        "HAL-G-",
        "docker run --rm --network host $I true",
    ),
    (
        "capability",
        "HAL-G-",
        "docker run --rm --cap-add SYS_ADMIN $I true",
    ),
    ("outside", "HAL-G-", "docker run --rm -v /etc:/e:ro $I true"),
    // mounts are sent in their long form, and shown so
    (
        "binds-shown",
        "null",
        "docker create --name $N -v $P/src:/s $I >/dev/null; docker inspect --format '{{json .HostConfig.Binds}}' $N; docker rm $N",
    ),
    // what a session starts ends with it, and an engine that restarts it by itself would find another's
    // directory in its mounts
    (
        "always",
        "not always",
        "docker create --name $N --restart always $I >/dev/null; [ $(docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' $N) = always ] || echo not always; docker rm $N",
    ),
    // a route of the host's; here it is another network's, which the engine would not take either
    (
        "subnet",
        "HAL-G-NETWORK-SUBNET",
        "docker network create --subnet $(docker network inspect bridge --format '{{(index .IPAM.Config 0).Subnet}}') $N",
    ),
];
