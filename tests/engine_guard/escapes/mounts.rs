//! Mounts and volumes (guard-policy §2.3, §2.5, §2.6).

use super::attempt::{Attempt, create, less, request, script};

const OUTSIDE: &str = "HAL-G-MOUNT-OUTSIDE";
const BENEATH: &str = "HAL-G-MOUNT-BENEATH";

#[rustfmt::skip]
pub(super) const ATTEMPTS: &[Attempt] = &[
    // paths of the host, in every spelling
    script("docker run --rm -v $O:/o $I cat /o/secret", OUTSIDE),
    script("docker run --rm -v $O/secret:/o $I cat /o", OUTSIDE),
    script("docker run --rm -v $O:/o:ro $I cat /o/secret", OUTSIDE),
    script("docker run --rm -v /:/o $I cat /o/$O/secret", OUTSIDE),
    script("docker run --rm -v /etc:/o $I cat /o/passwd", OUTSIDE),
    script("docker run --rm -v /proc:/o $I cat /o/1/stat", OUTSIDE),
    script("docker run --rm -v $P/../outside:/o $I cat /o/secret", OUTSIDE),
    script("docker run --rm -v $P/src/../../outside:/o $I cat /o/secret", OUTSIDE),
    script("docker run --rm -v /$P//.././outside/:/o $I cat /o/secret", OUTSIDE),
    script("docker run --rm -v $P-beside:/o $I true && rmdir $P-beside", OUTSIDE),
    script("docker run --rm -v $O/made:/o $I true && rmdir $O/made", OUTSIDE),
    script("docker run --rm --mount type=bind,source=$O,target=/o $I cat /o/secret", OUTSIDE),
    script("docker run --rm --mount type=bind,source=$P/../outside,target=/o,readonly $I cat /o/secret", OUTSIDE),
    // links
    script("docker run --rm -v $P/link:/o $I cat /o/secret", BENEATH),
    script("docker run --rm -v $P/link/:/o $I cat /o/secret", BENEATH),
    script("docker run --rm -v $P/src/../link:/o $I cat /o/secret", BENEATH),
    script("docker run --rm -v $P/link/secret:/o $I cat /o", BENEATH),
    script("docker run --rm -v $P/link/made:/o $I true && rmdir $O/made", BENEATH),
    script("docker run --rm --mount type=bind,source=$P/link,target=/o $I cat /o/secret", BENEATH),
    script("ln -sfn / $P/root; docker run --rm -v $P/root/$O:/o $I cat /o/secret", BENEATH),
    script("ln -sfn $O $P/src/far; docker run --rm -v $P/src/far:/o $I cat /o/secret", BENEATH),
    script("ln -sfn ../link $P/src/two; docker run --rm -v $P/src/two:/o $I cat /o/secret", BENEATH),
    script("ln -sfn ${RAW#unix://} $P/sock; docker run --rm -v $P/sock:/o $I test -S /o", BENEATH),
    script("ln -sfn /proc/1/root $P/proc; docker create --name $N -v $P/proc/etc:/o $I && docker rm $N", BENEATH),
    // the engine's socket
    script("D=$(dirname ${RAW#unix://}); docker run --rm -v $D:/o $I sh -c 'test -S /o/*.sock'", OUTSIDE),
    script("docker create --name $N -v /proc/1/root/run/docker.sock:/o $I && docker rm $N", OUTSIDE),
    script("docker create --name $N -v /run/containerd:/o $I && docker rm $N", OUTSIDE),
    // propagation and relabelling
    script("docker create --name $N --mount type=bind,source=$P,target=/o,bind-propagation=rslave $I && docker rm $N", "HAL-G-MOUNT-PROPAGATION"),
    script("docker create --name $N --mount type=bind,source=$P,target=/o,bind-propagation=rshared $I && docker rm $N", "HAL-G-MOUNT-PROPAGATION"),
    script("docker create --name $N -v $P:/o:rshared $I && docker rm $N", "HAL-G-MOUNT-PROPAGATION"),
    script("docker create --name $N -v $P:/o:slave $I && docker rm $N", "HAL-G-MOUNT-PROPAGATION"),
    script("docker create --name $N -v $P:/o:Z $I && docker rm $N", "HAL-G-MOUNT-MODE"),
    // volumes that are made for a container
    script("docker run --rm --mount type=volume,target=/o,volume-driver=local,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=$O $I cat /o/secret", "HAL-G-MOUNT-DRIVER"),
    script("docker run --rm --mount type=volume,source=$N,target=/o,volume-opt=type=none,volume-opt=o=rbind,volume-opt=device=$O $I cat /o/secret && docker volume rm $N", "HAL-G-MOUNT-DRIVER"),
    script("docker create --name $N --mount type=volume,target=/o,volume-opt=type=overlay,volume-opt=device=overlay,\\\"volume-opt=o=lowerdir=/usr:$O\\\" $I && docker rm -v $N", "HAL-G-MOUNT-DRIVER"),
    create(r#"{"Image":"$I","Cmd":["cat","/o/secret"],"HostConfig":{"Mounts":[{"Type":"volume","Target":"/o","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind","device":"$O"}}}}]}}"#, "HAL-G-MOUNT-DRIVER"),
    // volumes
    script("docker volume create -o type=none -o o=bind -o device=$O $N && docker run --rm -v $N:/o $I cat /o/secret && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    script("docker volume create -o type=none -o o=bind -o device=$P/link $N && docker run --rm -v $N:/o $I cat /o/secret && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    script("docker volume create -o type=overlay -o device=overlay -o o=lowerdir=/usr:$O $N && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    script("docker volume create -o type=nfs -o o=addr=127.0.0.1 -o device=:/ $N && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    script("docker volume create -o type=cifs -o o=addr=127.0.0.1,username=u -o device=//127.0.0.1/x $N && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    script("docker volume create -o type=ext4 -o device=/dev/vda $N && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    script("docker volume create -o type=proc -o device=proc $N && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    script("docker volume create -o type=tmpfs -o device=tmpfs -o o=bind,source=$O $N && docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    request("POST /v1.41/volumes/create", r#"{"Name":"$N","DriverOpts":{"type":"none","o":"bind","device":"/"}}"#, "docker volume rm $N", "HAL-G-VOLUME-OPTION"),
    request("POST /v1.41/volumes/create", r#"{"Name":"$N","driveropts":{"type":"none","o":"bind","device":"/"}}"#, "docker volume rm $N", "HAL-G-JSON-CASE"),
    request("POST /v1.41/volumes/create", r#"{"Name":"$N","DriverOpts":{},"DriverOpts":{"type":"none","o":"bind","device":"/"}}"#, "docker volume rm $N", "HAL-G-JSON-DUPLICATE"),
    // volumes of others
    script("docker run --rm -v $F:/v $I cat /v/f", "HAL-G-FOREIGN"),
    script("docker run --rm -v $F:/v:ro,nocopy $I cat /v/f", "HAL-G-FOREIGN"),
    script("docker run --rm --mount source=$F,target=/v $I cat /v/f", "HAL-G-FOREIGN"),
    script("docker run --rm --volumes-from $F $I cat /v/f", "No such container"),
    script("docker run --rm --volumes-from $F:ro $I cat /v/f", "No such container"),
    script("docker run --rm --volumes-from $(cut -c -12 $O/id) $I cat /v/f", "No such container"),
    script("docker volume create $F && docker run --rm -v $F:/v $I cat /v/f", "HAL-G-FOREIGN"),
    script("docker volume inspect $F >/dev/null", "no such volume"),
    script("docker -H $RAW volume create $N >/dev/null; docker volume rm $N", "no such volume"),
    script("docker -H $RAW volume create $N >/dev/null; docker volume rm -f $N; ! docker -H $RAW volume inspect $N >/dev/null", "").after("true"),
    less("docker -H $RAW volume create --label hal9000.test=$N $N >/dev/null; docker volume prune -f --filter label=hal9000.test=$N; ! docker -H $RAW volume inspect $N >/dev/null").until(42),
    less("docker -H $RAW volume create --label hal9000.test=$N $N >/dev/null; docker volume prune --all --force --filter label=hal9000.test=$N; ! docker -H $RAW volume inspect $N >/dev/null").since(42),
    // only fields of newer engines
    request("POST /v1.42/containers/create", r#"{"Image":"$I","HostConfig":{"Mounts":[{"Type":"bind","Source":"$O/new","Target":"/o","BindOptions":{"CreateMountpoint":true}}]}}"#, "docker rm $R", OUTSIDE).since(42),
    request("POST /v1.45/containers/create", r#"{"Image":"$I","Cmd":["cat","/v/f"],"HostConfig":{"Mounts":[{"Type":"volume","Source":"$F","Target":"/v/f","VolumeOptions":{"Subpath":"f"}}]}}"#, "docker start -a $R | grep theirs; docker rm -f $R", "HAL-G-FOREIGN").since(45),
];
