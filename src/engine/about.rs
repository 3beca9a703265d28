//! What the engine says of itself.

use super::{Docker, EngineError};
use crate::model::{Cgroup, Machine};

impl Docker {
    /// Ask it. Whether it is in a virtual machine, it does not know.
    pub async fn about(&self) -> Result<Machine, EngineError> {
        let (version, info) = tokio::try_join!(self.client.version(), self.client.info())?;
        let components = version.components.unwrap_or_default();
        let runc = components.iter().find(|part| part.name == "runc");
        let number = version.version.unwrap_or_default();
        let api = version.api_version.unwrap_or_default();
        let minor = api.rsplit('.').next().and_then(|minor| minor.parse().ok());
        let count = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        let set = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        let text = |word: Option<String>| word.unwrap_or_default();
        Ok(Machine {
            kind: self.kind,
            version: format!("{} {number}", self.kind.name()),
            api: minor.unwrap_or_default(),
            storage: text(info.driver),
            security: info.security_options.unwrap_or_default(),
            runc: runc.map(|runc| runc.version.clone()),
            virtual_machine: false,
            proxy: set(&info.http_proxy) || set(&info.https_proxy),
            name: text(info.name),
            system: text(info.operating_system),
            root: text(info.docker_root_dir),
            memory: count(info.mem_total).unwrap_or_default(),
            cpus: count(info.ncpu).unwrap_or_default(),
            cgroup: Cgroup {
                version: text(info.cgroup_version.map(|version| version.to_string())),
                driver: text(info.cgroup_driver.map(|driver| driver.to_string())),
                memory: info.memory_limit,
                cpus: info.cpu_cfs_quota,
                pids: info.pids_limit,
            },
        })
    }
}
