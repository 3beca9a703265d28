//! The user's own toolchain profiles: `profiles/<name>/Dockerfile` in the configuration directory.
#![expect(clippy::disallowed_methods, reason = "reads the user's profiles")]

use super::Dirs;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// A context is a Dockerfile and a few files; what is much larger was not meant.
const LARGEST: u64 = 64 * 1024 * 1024;

/// One file of a profile's directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFile {
    /// Its path in the directory.
    pub name: String,
    /// Its permission bits.
    pub mode: u32,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A profile of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserProfile {
    /// The text of its Dockerfile.
    pub dockerfile: String,
    /// The files beside it.
    pub files: Vec<ProfileFile>,
}

/// The names of the user's own profiles.
pub fn user_profiles(dirs: &Dirs) -> Vec<String> {
    let Ok(entries) = fs::read_dir(dirs.config.join("profiles")) else {
        return Vec::new();
    };
    let with_dockerfile = entries
        .flatten()
        .filter(|e| e.path().join("Dockerfile").is_file());
    let mut names: Vec<String> = with_dockerfile
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    names.sort();
    names
}

/// The profile of this name; `None` where there is none.
pub fn user_profile(dirs: &Dirs, name: &str) -> io::Result<Option<UserProfile>> {
    let root = dirs.config.join("profiles").join(name);
    let path = root.join("Dockerfile");
    let named = |path: &Path, problem: &dyn std::fmt::Display| {
        io::Error::other(format!("cannot read `{}`: {problem}", path.display()))
    };
    let dockerfile = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(named(&path, &error)),
    };
    let mut files = Vec::new();
    let mut room = LARGEST;
    let mut directories = vec![root.clone()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).map_err(|error| named(&directory, &error))? {
            let path = entry.map_err(|error| named(&directory, &error))?.path();
            let found = fs::metadata(&path).map_err(|error| named(&path, &error))?;
            if found.is_dir() {
                directories.push(path);
                continue;
            }
            if path == root.join("Dockerfile") {
                continue;
            }
            room = room
                .checked_sub(found.len())
                .ok_or_else(|| named(&root, &"the files are larger than 64 MiB together"))?;
            let relative = path.strip_prefix(&root).ok().and_then(Path::to_str);
            files.push(ProfileFile {
                name: relative
                    .ok_or_else(|| named(&path, &"its name is not UTF-8"))?
                    .to_owned(),
                mode: found.permissions().mode() & 0o777,
                bytes: fs::read(&path).map_err(|error| named(&path, &error))?,
            });
        }
    }
    Ok(Some(UserProfile { dockerfile, files }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_directory_with_a_dockerfile() {
        let dir = tempfile::tempdir().unwrap();
        let dirs = Dirs {
            config: dir.path().to_path_buf(),
            state: dir.path().to_path_buf(),
            runtime: dir.path().to_path_buf(),
        };
        assert!(user_profiles(&dirs).is_empty());
        let root = dir.path().join("profiles/zig");
        fs::create_dir_all(root.join("sub")).unwrap();
        assert!(user_profile(&dirs, "zig").unwrap().is_none());
        fs::write(root.join("Dockerfile"), "FROM hal9000/worker\n").unwrap();
        fs::write(root.join("sub/file"), "x").unwrap();
        let profile = user_profile(&dirs, "zig").unwrap().unwrap();
        assert_eq!(profile.dockerfile, "FROM hal9000/worker\n");
        assert_eq!(profile.files[0].name, "sub/file");
        assert_eq!(user_profiles(&dirs), ["zig"]);
    }
}
