//! What the engine says of itself.

use super::{Docker, EngineError};
use crate::model::Machine;

impl Docker {
    /// Ask it. Whether it is in a virtual machine, it does not know.
    pub async fn about(&self) -> Result<Machine, EngineError> {
        let (version, info) = tokio::try_join!(self.client.version(), self.client.info())?;
        let components = version.components.unwrap_or_default();
        let runc = components.iter().find(|part| part.name == "runc");
        let number = version.version.unwrap_or_default();
        let api = version.api_version.unwrap_or_default();
        let minor = api.rsplit('.').next().and_then(|minor| minor.parse().ok());
        Ok(Machine {
            kind: self.kind,
            version: format!("{} {number}", self.kind.name()),
            api: minor.unwrap_or_default(),
            storage: info.driver.unwrap_or_default(),
            security: info.security_options.unwrap_or_default(),
            runc: runc.map(|runc| runc.version.clone()),
            virtual_machine: false,
        })
    }
}
