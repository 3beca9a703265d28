//! This machine: environment, directories, the project, the engine's address, the real docker
//! client. The only rooms that read the host, and `bounded`, `exec`, `guard`, `lend` and `pager` the
//! only ones that start programs.

mod answers;
mod asleep;
mod audit_log;
mod bounded;
mod clock;
mod dirs;
mod docker;
mod endpoint;
mod env;
mod exec;
mod freshness;
mod guard;
mod guard_dir;
mod history;
mod lend;
mod lock;
mod looked;
mod pager;
mod pids;
mod preflight;
mod processors;
mod profiles;
mod project;
mod state;
mod terminal;
mod zone;

pub use answers::{KnownTerminal, known_terminal, note_terminal};
pub use asleep::asleep;
pub use audit_log::{AuditLog, audit_logs};
pub use bounded::{ask, within};
pub use clock::{now, now_exactly};
pub use dirs::{Dirs, FILES, File, socket_directory};
pub use docker::{DockerMissing, find_docker};
pub use endpoint::{Endpoint, EndpointError, Selection, contexts, current_context, resolve};
pub use env::Env;
pub use exec::{exec, parent_process, read_own_executable, run};
pub use freshness::{has_start_hooks, project_mark};
pub use guard::{Guard, GuardFailed, GuardFiles, lost_guards, prepare_guards, start_guard};
pub use guard_dir::{guard_dir, guard_images, guard_sockets, guard_state};
pub use history::{note_project, recent_projects};
pub use lend::{Keys, columns, lend, terminal_size};
pub use lock::{Reservation, inherit, reserve};
pub use looked::{access, certificates, disk, handed_proxies, look, look_at_project, proxies};
pub use pager::{man, pager};
pub use pids::PidsEvents;
pub use preflight::{EngineAddress, Preflight, answers, check};
pub use processors::processors;
pub use profiles::{UserProfile, user_profile, user_profiles};
pub use project::{FoundProject, ProjectError, find_project};
pub use state::{
    Trust, project_file, read_file, readable_file, say_once, user_file, write_user_file,
};
pub use terminal::{Asked, ask_terminal};
pub use zone::Zone;
