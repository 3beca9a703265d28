//! Rules about BuildKit's calls (guard-policy §2.9).

super::table! { BUILDKIT_RULES;
    Build: {
        BUILDKIT = "HAL-G-BUILDKIT",
            "BuildKit is reached by its calls alone",
            "build with `docker buildx build`, or with the classic builder: `DOCKER_BUILDKIT=0`";
        BUILDER = "HAL-G-BUILDER",
            "the user has chosen the classic builder for this session, as BuildKit's cache is the whole machine's",
            "build with the classic builder: `DOCKER_BUILDKIT=0`";
        GRPC = "HAL-G-GRPC",
            "a call that is not exactly understood could be read differently by the engine",
            "call with docker's client or buildx, one uncompressed message for each call";
        BUILD_CALL = "HAL-G-BUILD-CALL",
            "the call reaches the cache, the history or the builds of the whole machine, or is not known",
            "build with `docker build`, `docker buildx build` or `docker compose build`; the cache is the user's to see and to prune";
        BUILD_MESSAGE = "HAL-G-BUILD-MESSAGE",
            "what the guard does not exactly understand it does not pass on",
            "leave it out, or build with the buildx that the session has (`docker buildx version`)";
        BUILD_OPTION = "HAL-G-BUILD-OPTION",
            "the guard knows no such option of a build",
            "leave it out";
        BUILD_ENTITLEMENT = "HAL-G-BUILD-ENTITLEMENT",
            "an entitlement gives a build the host's network, its devices or all privileges",
            "leave out `--allow`, `--network=host`, and `--network`, `--security` and `--device` of RUN";
        BUILD_SESSION = "HAL-G-BUILD-SESSION",
            "the engine would ask another client for its files, secrets and credentials",
            "build with docker's client, which opens a session of its own";
        BUILD_REF = "HAL-G-BUILD-REF",
            "the build was not begun by this session",
            "watch what this session builds";
        BUILD_EXPORTER = "HAL-G-BUILD-EXPORTER",
            "the result would go where the guard cannot look, or get names that were not judged",
            "use `--tag`, `--load`, or `--output` of type local, tar, oci or docker";
        BUILD_CACHE = "HAL-G-BUILD-CACHE",
            "the engine would fetch the cache from a service that the guard does not know",
            "use a cache of type registry, inline or local";
    }
}
