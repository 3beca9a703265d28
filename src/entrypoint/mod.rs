//! The first process of a session's container: read, decide, apply, verify, exec.
