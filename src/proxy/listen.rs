//! Where the session's clients connect.

use super::desk;
use super::shared::Shared;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::UnixListener;
use tokio::sync::Semaphore;

/// Connections at once: a session cannot take all descriptors of the guard, which has one more for
/// each request.
const MOST: usize = 400;

/// A socket that everybody in the containers can connect to, at once complete. On the host it is in a
/// directory that is closed to others, or below one, which is checked here.
pub(super) fn bind(path: &Path) -> io::Result<UnixListener> {
    let directory = path.parent().unwrap_or(Path::new("/"));
    let closed = |directory: &Path| {
        let found = fs::metadata(directory);
        found.is_ok_and(|found| found.permissions().mode().trailing_zeros() >= 6)
    };
    if !directory.ancestors().any(closed) {
        let cause = format!(
            "{} is open to others, who could connect: make it, or one above it, 0700",
            directory.display(),
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, cause));
    }
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    // By the directory's descriptor: the path of a socket can have 107 bytes (unix(7)).
    let directory = File::open(directory)?;
    let short = format!("/proc/self/fd/{}", directory.as_raw_fd());
    let name = new.file_name().unwrap_or_default();
    let listener = net::UnixListener::bind(Path::new(&short).join(name))?;
    fs::set_permissions(&new, Permissions::from_mode(0o666))?;
    fs::rename(&new, path)?;
    listener.set_nonblocking(true)?;
    UnixListener::from_std(listener)
}

/// Leave no socket that nobody answers at.
pub(super) fn forget(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Serve for good.
pub(super) async fn serve(listener: UnixListener, shared: Rc<Shared>) {
    let seats = Arc::new(Semaphore::new(MOST));
    loop {
        let Ok(seat) = Arc::clone(&seats).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors: some come free when others end.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let shared = Rc::clone(&shared);
        tokio::task::spawn_local(async move {
            let service = service_fn(move |request| desk::answer(Rc::clone(&shared), request));
            // `half_close`: a client that was killed would leave its request open at the engine
            // (guard-policy §5.1)
            let connection = http1::Builder::new()
                .half_close(false)
                .serve_connection(TokioIo::new(stream), service);
            // A client that goes away is no error.
            drop(connection.with_upgrades().await);
            drop(seat);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_directory_that_is_open_to_others_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("docker.sock");
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(bind(&path).unwrap_err().to_string().contains("0700"));
        fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
        // a session's own directory is open, below one that is closed
        let path = dir.path().join("x".repeat(120)).join("docker.sock");
        fs::create_dir(path.parent().unwrap()).unwrap();
        for _ in 0..2 {
            let _listener = bind(&path).unwrap();
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o666
            );
        }
        let files = fs::read_dir(path.parent().unwrap()).unwrap();
        assert_eq!(files.count(), 1);
    }
}
