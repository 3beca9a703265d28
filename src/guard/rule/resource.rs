//! Rules about networks, volumes, images, builds and the engine (guard-policy §2.5, §2.7 to §2.10).

super::table! { RESOURCE;
    Network: {
        NETWORK_DRIVER = "HAL-G-NETWORK-DRIVER",
            "drivers other than bridge attach to interfaces of the host or to plugins",
            "make a bridge network";
        NETWORK_SCOPE = "HAL-G-NETWORK-SCOPE",
            "swarm's networks and configurations reach beyond this engine",
            "leave the field out";
        NETWORK_OPTION = "HAL-G-NETWORK-OPTION",
            "the option changes interfaces, gateways or the firewall of the host",
            "use enable_icc, enable_ip_masquerade, driver.mtu or host_binding_ipv4=127.0.0.1";
        NETWORK_SUBNET = "HAL-G-NETWORK-SUBNET",
            "a subnet makes a route on the host: only private addresses that the host does not use",
            "leave the subnet to docker, or choose one of 10/8, 172.16/12, 192.168/16, fd00::/8";
        NETWORK_IPAM = "HAL-G-NETWORK-IPAM",
            "address management by a plugin is not mediated",
            "use the default driver without options";
        NETWORK_NAME = "HAL-G-NETWORK-NAME",
            "the name is one of docker's own networks or not a name",
            "choose another name";
    }
    Volume: {
        VOLUME_DRIVER = "HAL-G-VOLUME-DRIVER",
            "another driver mounts what the guard cannot see",
            "use the local driver";
        VOLUME_OPTION = "HAL-G-VOLUME-OPTION",
            "options of the local driver mount any path, device or server of the host",
            "leave the options out; `type=tmpfs` is possible";
        VOLUME_CLUSTER = "HAL-G-VOLUME-CLUSTER",
            "cluster volumes belong to swarm",
            "make a local volume";
    }
    Image: {
        IMAGE_OVERWRITE = "HAL-G-IMAGE-OVERWRITE",
            "the name is the user's: what runs under it later would be this session's content",
            "use a name that does not exist yet, or one that this session has made";
        IMAGE_RESERVED = "HAL-G-IMAGE-RESERVED",
            "images of hal-9000 are what sessions run",
            "choose another name";
        IMAGE_IMPORT = "HAL-G-IMAGE-IMPORT",
            "the engine would fetch the URL from the host's network",
            "download it here and import it from standard input (`docker import -`)";
        IMAGE_LOAD = "HAL-G-IMAGE-LOAD",
            "what the engine unpacks must be what was judged: an archive of plain files, each there once, not compressed or with gzip or zstd",
            "make it with `docker save`, or unpack it first (`xz -dc FILE | docker load`)";
        IMAGE_DELETE = "HAL-G-IMAGE-DELETE",
            "the image is the user's, not this session's",
            "remove only what this session has pulled, built, tagged or loaded";
    }
    Build: {
        BUILD_NETWORK = "HAL-G-BUILD-NETWORK",
            "the build's network is the host's or belongs to somebody else",
            "use the default, `none`, or a network of this session";
        BUILD_REMOTE = "HAL-G-BUILD-REMOTE",
            "the engine would fetch the context from the host's network",
            "clone or download it here and build the directory";
        BUILD_CGROUP = "HAL-G-BUILD-CGROUP",
            "another control group would leave the session's limits",
            "leave out `--cgroup-parent`";
        BUILD_SECURITY_OPT = "HAL-G-BUILD-SECURITY-OPT",
            "security options take confinement away",
            "leave out `--security-opt`";
        BUILD_CANCEL = "HAL-G-BUILD-CANCEL",
            "only BuildKit's builds can be cancelled by id",
            "end the client that builds";
    }
    System: {
        FILTER = "HAL-G-FILTER",
            "filters that are not exactly understood could show what is not this session's",
            "give `filters` as JSON, each name once";
        SWARM = "HAL-G-SWARM",
            "swarm, its services, secrets and configurations are the whole machine's",
            "use containers, or compose without swarm";
        PLUGIN = "HAL-G-PLUGIN",
            "plugins run on the host with privileges",
            "leave them to the user";
        DEBUG = "HAL-G-DEBUG",
            "the engine's debugging interface shows its memory",
            "leave it to the user";
        LIBPOD = "HAL-G-LIBPOD",
            "podman's own API is not mediated",
            "use docker's API";
    }
}
