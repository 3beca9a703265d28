//! An engine's containers in memory, for tests of the use-cases.

use super::{Containers, EngineError, Listed, Which};
use crate::dockercli::CreateRequest;
use std::cell::RefCell;

/// Containers in memory, and what was done to them.
#[derive(Debug, Default)]
pub struct FakeContainers {
    /// The containers.
    pub containers: RefCell<Vec<Listed>>,
    /// `hang up NAME`, `stop NAME`, `remove NAME`, in order.
    pub done: RefCell<Vec<String>>,
}

impl Containers for FakeContainers {
    async fn containers(&self, which: &Which) -> Result<Vec<Listed>, EngineError> {
        let all = self.containers.borrow();
        let matches = |container: &&Listed| match which {
            Which::Labelled(labels) => labels
                .iter()
                .all(|(key, value)| container.labels.get(key) == Some(value)),
            Which::Named(prefix) => container.name.starts_with(prefix),
        };
        Ok(all.iter().filter(matches).cloned().collect())
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, EngineError> {
        let taken = self
            .containers
            .borrow()
            .iter()
            .any(|c| c.name == request.name);
        if taken {
            return Err(EngineError::Conflict(request.name.clone()));
        }
        self.done
            .borrow_mut()
            .push(format!("create {}", request.name));
        Ok(request.name.clone())
    }

    async fn stop(&self, name: &str, _seconds: i32) -> Result<(), EngineError> {
        self.done.borrow_mut().push(format!("stop {name}"));
        for container in self
            .containers
            .borrow_mut()
            .iter_mut()
            .filter(|c| c.name == name)
        {
            container.running = false;
        }
        Ok(())
    }

    async fn hang_up(&self, name: &str) -> Result<(), EngineError> {
        self.done.borrow_mut().push(format!("hang up {name}"));
        Ok(())
    }

    async fn remove(&self, name: &str, force: bool) -> Result<(), EngineError> {
        let mut all = self.containers.borrow_mut();
        if all.iter().any(|c| c.name == name && c.running && !force) {
            return Err(EngineError::Conflict(format!("{name} is running")));
        }
        all.retain(|container| container.name != name);
        self.done.borrow_mut().push(format!("remove {name}"));
        Ok(())
    }

    async fn rename(&self, name: &str, new: &str) -> Result<(), EngineError> {
        self.done.borrow_mut().push(format!("rename {name} {new}"));
        Ok(())
    }

    async fn rootless(&self) -> Result<bool, EngineError> {
        Ok(false)
    }
}
