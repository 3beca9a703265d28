//! Rules about containers, their mounts and commands in them (guard-policy §2.2 to §2.6).

super::table! { CONTAINER;
    Container: {
        PRIVILEGED = "HAL-G-PRIVILEGED",
            "a privileged container is root on the host",
            "leave out `--privileged`";
        CAPABILITY = "HAL-G-CAPABILITY",
            "the capability reaches beyond the container",
            "use docker's default capabilities, or have the user allow one in the settings";
        MKNOD = "HAL-G-MKNOD",
            "device nodes made in the project would be usable on the host: the capability MKNOD is always dropped",
            "nothing needs to be done";
        ARCHIVE = "HAL-G-ARCHIVE",
            "the engine unpacks it as root, and a device node in the project would be usable on the host",
            "send an uncompressed tar of files, directories and links";
        DEVICE = "HAL-G-DEVICE",
            "a device of the host is not isolated by the container",
            "leave it out, or have the user allow that exact device in the settings";
        DEVICE_REQUEST = "HAL-G-DEVICE-REQUEST",
            "a device request can name any CDI specification of the host, with mounts and hooks",
            "leave out `--gpus`, or have the user allow GPUs in the settings";
        NAMESPACE = "HAL-G-NAMESPACE",
            "a namespace of the host or of a container that is not this session's would be shared",
            "leave it private, or join a container of this session with `container:<name>`";
        CGROUP = "HAL-G-CGROUP",
            "another control group would leave the session's limits",
            "leave out the control group: the session's limits are set";
        NETWORK_MODE = "HAL-G-NETWORK-MODE",
            "the network is the host's or belongs to somebody else",
            "use the default network, `none`, a network made in this session, or `container:<name>`";
        PORT = "HAL-G-PORT",
            "the port would be published where the user did not allow it",
            "publish it on the address that the settings allow";
        SECURITY_OPT = "HAL-G-SECURITY-OPT",
            "security options other than `no-new-privileges` take confinement away",
            "leave out `--security-opt`";
        MASKED_PATHS = "HAL-G-MASKED-PATHS",
            "without masked paths root in the container writes the host's /proc: docker's default is always used",
            "nothing needs to be done";
        SYSCTL = "HAL-G-SYSCTL",
            "only kernel parameters of the container's own namespaces can be set",
            "use `net.*`, `kernel.shm*`, `kernel.msg*`, `kernel.sem` or `fs.mqueue.*`";
        RUNTIME = "HAL-G-RUNTIME",
            "another runtime may not confine",
            "leave out `--runtime`";
        ANNOTATION = "HAL-G-ANNOTATION",
            "annotations steer runtimes past the description (hooks, hypervisors)",
            "leave out `--annotation`, use labels";
        LOG_CONFIG = "HAL-G-LOG-CONFIG",
            "the log driver or option would make the engine read files, open sockets or use credentials of the host",
            "use json-file, local or none, with max-size, max-file, compress, labels, env, tag or mode";
        OOM = "HAL-G-OOM",
            "the host's memory would be defended for this container against all others",
            "leave out `--oom-kill-disable` and negative `--oom-score-adj`";
        REALTIME = "HAL-G-REALTIME",
            "realtime scheduling takes the processor from everybody else",
            "leave it out";
        LIMIT = "HAL-G-LIMIT",
            "containers of a session share its limits: what is above or missing is set to the session's limit",
            "ask the user for a session with more (`--memory`, `--cpus`, `--pids`)";
        ULIMIT = "HAL-G-ULIMIT",
            "the name or value of the ulimit is not one that docker knows",
            "use the names of `docker run --ulimit`";
        STORAGE_OPT = "HAL-G-STORAGE-OPT",
            "storage options other than `size` configure the host's driver",
            "use only `size`";
        RESTART = "HAL-G-RESTART",
            "a container that always restarts would outlive the session: it is restarted on failure, a few times",
            "nothing needs to be done; `on-failure:N` says how often";
        PLATFORM_FIELD = "HAL-G-PLATFORM-FIELD",
            "the field belongs to another platform or an API that is gone",
            "leave it out";
        OUTPUT_FIELD = "HAL-G-OUTPUT-FIELD",
            "the engine fills the field itself, or the client alone uses it",
            "nothing needs to be done";
        LABEL = "HAL-G-LABEL",
            "labels under `hal9000.` say whose an object is and are set by the guard; some others drive programs on the host",
            "choose another label";
        ENDPOINT = "HAL-G-ENDPOINT",
            "driver options of an endpoint set kernel parameters or belong to plugins",
            "leave out `--driver-opt`";
        LINK = "HAL-G-LINK",
            "a link shows the environment of the other container",
            "link containers of this session, or put both in one network";
        CHECKPOINT = "HAL-G-CHECKPOINT",
            "checkpoints are read from and written to paths of the host",
            "start the container without one";
        ATTACH_WEBSOCKET = "HAL-G-ATTACH-WS",
            "attaching by websocket is not mediated",
            "attach with `POST /containers/<id>/attach`";
        IMAGE_NAME = "HAL-G-IMAGE-NAME",
            "the image's name is not a reference",
            "write `name[:tag]`, `name@sha256:…` or an image's id";
    }
    Mount: {
        MOUNT_OUTSIDE = "HAL-G-MOUNT-OUTSIDE",
            "the path is not inside the project; the engine would mount the host's path of that name, not this container's",
            "mount a path under the project, use a named volume, or copy with `docker cp`";
        MOUNT_PATH = "HAL-G-MOUNT-PATH",
            "the path is not one that can be mounted",
            "write an absolute path without control characters or backslashes";
        MOUNT_BENEATH = "HAL-G-MOUNT-BENEATH",
            "a path beneath the project is mounted only where it is reached without a symbolic link, as what is checked would else not be what is mounted",
            "mount a directory by its real path, the whole project, or copy with `docker cp`";
        MOUNT_FORMAT = "HAL-G-MOUNT-FORMAT",
            "the mount is not understood",
            "write `source:target[:ro]`, or one of bind, volume, tmpfs and image as type";
        MOUNT_MODE = "HAL-G-MOUNT-MODE",
            "the option is not known, or relabels the project for one container only",
            "use `ro`, `rw`, `z`, `nocopy`, `cached`, `delegated` or `consistent`";
        MOUNT_READ_ONLY = "HAL-G-MOUNT-READ-ONLY",
            "the session has its project for reading only",
            "start the session without `--read-only`";
        MOUNT_PROPAGATION = "HAL-G-MOUNT-PROPAGATION",
            "mounts would travel between the container and the host",
            "leave the propagation out: it is `rprivate`";
        MOUNT_TYPE = "HAL-G-MOUNT-TYPE",
            "the type of mount is another platform's, swarm's or unknown",
            "use bind, volume, tmpfs or image";
        MOUNT_DRIVER = "HAL-G-MOUNT-DRIVER",
            "a volume's driver options mount any path or device of the host",
            "use a local volume without options";
        MOUNT_TMPFS = "HAL-G-MOUNT-TMPFS",
            "the option of the tmpfs is not known",
            "use size, mode, uid, gid, ro, rw, exec, noexec, nosuid, nodev and nr_inodes";
        MOUNT_SUBPATH = "HAL-G-MOUNT-SUBPATH",
            "the path in the volume or image leads out of it",
            "write a relative path without `..`";
    }
    Exec: {
        EXEC_PRIVILEGED = "HAL-G-EXEC-PRIVILEGED",
            "a privileged command is root on the host",
            "leave out `--privileged`";
    }
}
