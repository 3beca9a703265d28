//! Rules about the request itself and about who owns what (guard-policy §2.1, §0.8).

super::table! { REQUEST;
    Request: {
        TARGET = "HAL-G-TARGET",
            "the request target is not a plain path: the engine cleans and decodes paths, so one that reads two ways could be checked as one thing and done as another",
            "write the path as docker's documentation does, without empty or dot segments, encoded slashes or a fragment";
        METHOD = "HAL-G-METHOD",
            "the engine's API has no such method",
            "use GET, HEAD, POST, PUT or DELETE";
        API_VERSION = "HAL-G-API-VERSION",
            "fields of an API version that the guard does not know cannot be judged",
            "ask `/_ping` which version is spoken here (`DOCKER_API_VERSION` forces one)";
        ROUTE = "HAL-G-ROUTE",
            "the guard knows no such route, and what it does not know it does not pass on",
            "use the documented API of docker";
        QUERY = "HAL-G-QUERY",
            "a query that is not exactly understood could be read differently by the engine",
            "give each documented parameter once, percent-encoded";
        PS_ARGS = "HAL-G-PS-ARGS",
            "the engine gives them to `ps` on the host, where columns that have spaces before the PID show processes of others",
            "use `aux`, `-ef` or `-o` with columns of one word, and the command last";
        HEADER = "HAL-G-HEADER",
            "the headers leave open what the body is, or ask for another protocol",
            "send one Content-Length or chunked encoding, no Content-Encoding (an archive can be `gzip`), and Upgrade only for attach and exec";
        BODY = "HAL-G-BODY",
            "the engine lets form bodies override the query, so only JSON and tar archives are read",
            "send `Content-Type: application/json`, or `application/x-tar` for archives";
        SIZE = "HAL-G-SIZE",
            "a request that is too large to be read whole is not judged in part",
            "make it smaller";
        JSON = "HAL-G-JSON",
            "the body is not one well-formed JSON document",
            "send one JSON object in UTF-8, without anything after it";
        JSON_DUPLICATE = "HAL-G-JSON-DUPLICATE",
            "the engine merges keys that occur twice, so what was checked would not be what is done",
            "give every key once";
        JSON_CASE = "HAL-G-JSON-CASE",
            "the engine reads keys without regard to case, `ſ` as `s` and the Kelvin sign as `k`",
            "spell the key exactly as the API does";
        JSON_UNKNOWN = "HAL-G-JSON-UNKNOWN",
            "the guard knows no such field, and what it does not know it does not pass on",
            "leave the field out";
        JSON_TYPE = "HAL-G-JSON-TYPE",
            "the value is not of the type that the API has there",
            "see docker's API reference for the field";
    }
    Ownership: {
        FOREIGN = "HAL-G-FOREIGN",
            "the object was not made by this session, and for this session it does not exist",
            "use what this session has made";
        NAME = "HAL-G-NAME",
            "the name is not one that docker gives or accepts",
            "use letters, digits, `_`, `.` and `-`";
    }
}
