//! An engine in memory, for the use-cases' tests. It keeps the promises of a real one that matter
//! here (measured on 20.10): names are reserved before a copy begins, a container can be inspected
//! only when its copy is done, and a volume is in use from the moment it exists.

use super::{BuildEvent, BuildRequest, EngineError, FillRequest, Filler, Image, Images, Volume};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};

/// How often a copy or a build lets others run before it is done.
const TURNS: usize = 5;

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Every call that changes something: `build x`, `fill x`, `remove image x`, …
    pub(crate) log: Vec<String>,
    pub(crate) requests: Vec<BuildRequest>,
    pub(crate) images: Vec<Image>,
    pub(crate) volumes: BTreeMap<String, Volume>,
    /// Content of volumes: pieces that were copied; complete with [`TURNS`] of them.
    pub(crate) copied: BTreeMap<String, usize>,
    pub(crate) containers: BTreeMap<String, Filler>,
    /// Names of containers that are being created.
    pub(crate) reserved: Vec<String>,
    /// Containers that use a volume.
    pub(crate) users: BTreeMap<String, Vec<String>>,
    /// References of images that a container uses.
    pub(crate) busy: Vec<String>,
    /// What the next builds say instead of succeeding: output lines and the error.
    pub(crate) build_faults: VecDeque<(Vec<String>, EngineError)>,
    /// How the next fills fail, in mid-copy.
    pub(crate) fill_faults: VecDeque<EngineError>,
    pub(crate) inspections: usize,
    next_id: usize,
}

#[derive(Debug)]
pub(crate) struct Fake {
    pub(crate) state: RefCell<State>,
    pub(crate) arch: &'static str,
}

impl Fake {
    pub(crate) fn new() -> Self {
        Self {
            state: RefCell::default(),
            arch: std::env::consts::ARCH,
        }
    }

    /// What was changed since the last look.
    pub(crate) fn log(&self) -> Vec<String> {
        std::mem::take(&mut self.state.borrow_mut().log)
    }

    pub(crate) fn add_image(&self, tag: Option<&str>, labels: &BTreeMap<String, String>) {
        let mut state = self.state.borrow_mut();
        state.add_image(tag, labels);
    }

    /// A volume that somebody made, with this much of a runtime in it.
    pub(crate) fn add_volume(&self, name: &str, labels: &[(&str, &str)], copied: usize) {
        let mut state = self.state.borrow_mut();
        let labels = labels
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let volume = Volume {
            name: name.to_owned(),
            labels: labels.collect(),
        };
        state.volumes.insert(name.to_owned(), volume);
        state.copied.insert(name.to_owned(), copied);
    }

    pub(crate) fn add_user(&self, volume: &str, container: &str) {
        let mut state = self.state.borrow_mut();
        let users = state.users.entry(volume.to_owned()).or_default();
        users.push(container.to_owned());
    }

    /// Whether a volume holds everything.
    pub(crate) fn complete(&self, volume: &str) -> bool {
        self.state.borrow().copied.get(volume) == Some(&TURNS)
    }
}

impl State {
    fn add_image(&mut self, tag: Option<&str>, labels: &BTreeMap<String, String>) -> String {
        self.next_id += 1;
        let id = format!("sha256:{:064x}", self.next_id);
        for image in &mut self.images {
            image.tags.retain(|known| Some(known.as_str()) != tag);
        }
        self.images.push(Image {
            id: id.clone(),
            labels: labels.clone(),
            size: 100,
            created: i64::try_from(self.next_id).unwrap(),
            tags: tag.into_iter().map(str::to_owned).collect(),
        });
        id
    }

    fn release(&mut self, request: &FillRequest) {
        self.reserved.retain(|name| name != &request.name);
        if let Some(users) = self.users.get_mut(&request.volume) {
            users.retain(|user| user != &request.name);
        }
    }
}

fn matches(labels: &BTreeMap<String, String>, filter: &str) -> bool {
    match filter.split_once('=') {
        Some((key, value)) => labels.get(key).is_some_and(|found| found == value),
        None => labels.contains_key(filter),
    }
}

fn conflict(what: &str) -> EngineError {
    EngineError::Conflict(format!("{what} is in use"))
}

fn not_found(what: &str) -> EngineError {
    EngineError::NotFound(format!("no such object: {what}"))
}

impl Images for Fake {
    async fn architecture(&self) -> Result<String, EngineError> {
        Ok(self.arch.to_owned())
    }

    async fn image(&self, reference: &str) -> Result<Option<Image>, EngineError> {
        let state = self.state.borrow();
        let named =
            |image: &&Image| image.id == reference || image.tags.iter().any(|tag| tag == reference);
        Ok(state.images.iter().find(named).cloned())
    }

    async fn images(&self, label: &str) -> Result<Vec<Image>, EngineError> {
        let state = self.state.borrow();
        let found = state.images.iter().filter(|i| matches(&i.labels, label));
        Ok(found.cloned().collect())
    }

    async fn build(
        &self,
        request: BuildRequest,
        on_event: &mut dyn FnMut(BuildEvent),
    ) -> Result<String, EngineError> {
        {
            let mut state = self.state.borrow_mut();
            state.log.push(format!("build {}", request.tag));
            state.requests.push(request.clone());
        }
        on_event(BuildEvent::Step {
            n: 1,
            total: 1,
            text: request
                .dockerfile
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        });
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
        }
        let mut state = self.state.borrow_mut();
        if let Some((output, error)) = state.build_faults.pop_front() {
            for line in output {
                on_event(BuildEvent::Output(line));
            }
            return Err(error);
        }
        Ok(state.add_image(Some(&request.tag), &request.labels))
    }

    async fn tag_image(&self, image: &str, reference: &str) -> Result<(), EngineError> {
        let mut state = self.state.borrow_mut();
        state.log.push(format!("tag {image} {reference}"));
        for other in &mut state.images {
            other.tags.retain(|tag| tag != reference);
        }
        let mut images = state.images.iter_mut();
        let found = images.find(|it| it.id == image || it.tags.iter().any(|tag| tag == image));
        let found = found.ok_or_else(|| not_found(image))?;
        found.tags.push(reference.to_owned());
        Ok(())
    }

    async fn remove_image(&self, reference: &str) -> Result<u64, EngineError> {
        let mut state = self.state.borrow_mut();
        if state.busy.iter().any(|busy| busy == reference) {
            return Err(conflict(reference));
        }
        let named =
            |image: &Image| image.id == reference || image.tags.iter().any(|tag| tag == reference);
        let Some(at) = state.images.iter().position(named) else {
            return Err(not_found(reference));
        };
        state.log.push(format!("remove image {reference}"));
        state.images[at].tags.retain(|tag| tag != reference);
        if state.images[at].tags.is_empty() {
            return Ok(state.images.remove(at).size);
        }
        Ok(0)
    }

    async fn volume(&self, name: &str) -> Result<Option<Volume>, EngineError> {
        Ok(self.state.borrow().volumes.get(name).cloned())
    }

    async fn volumes(&self, label: &str) -> Result<Vec<Volume>, EngineError> {
        let state = self.state.borrow();
        let found = state.volumes.values().filter(|v| matches(&v.labels, label));
        Ok(found.cloned().collect())
    }

    async fn remove_volume(&self, name: &str) -> Result<(), EngineError> {
        let mut state = self.state.borrow_mut();
        if state.users.get(name).is_some_and(|users| !users.is_empty()) {
            return Err(conflict(name));
        }
        state.copied.remove(name);
        state.volumes.remove(name).ok_or_else(|| not_found(name))?;
        state.log.push(format!("remove volume {name}"));
        Ok(())
    }

    async fn volume_users(&self, name: &str) -> Result<Vec<String>, EngineError> {
        let state = self.state.borrow();
        Ok(state.users.get(name).cloned().unwrap_or_default())
    }

    async fn create_filler(&self, request: &FillRequest) -> Result<(), EngineError> {
        let fills = {
            let mut state = self.state.borrow_mut();
            let taken = state.containers.contains_key(&request.name)
                || state.reserved.contains(&request.name);
            if taken {
                return Err(conflict(&request.name));
            }
            let image = |image: &Image| image.tags.contains(&request.image);
            if !state.images.iter().any(image) {
                return Err(not_found(&request.image));
            }
            state.log.push(format!("fill {}", request.volume));
            state.reserved.push(request.name.clone());
            let users = state.users.entry(request.volume.clone()).or_default();
            users.push(request.name.clone());
            let volume = Volume {
                name: request.volume.clone(),
                labels: request.volume_labels.clone(),
            };
            state
                .volumes
                .entry(request.volume.clone())
                .or_insert(volume);
            // Only an empty volume is filled.
            let copied = state.copied.entry(request.volume.clone()).or_default();
            *copied == 0
        };
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
            let mut state = self.state.borrow_mut();
            if fills {
                *state.copied.entry(request.volume.clone()).or_default() += 1;
            }
            if let Some(error) = state.fill_faults.pop_front() {
                state.release(request);
                return Err(error);
            }
        }
        let mut state = self.state.borrow_mut();
        state.reserved.retain(|name| name != &request.name);
        let filler = Filler {
            labels: request.labels.clone(),
            state: "created".to_owned(),
        };
        state.containers.insert(request.name.clone(), filler);
        Ok(())
    }

    async fn filler(&self, name: &str) -> Result<Option<Filler>, EngineError> {
        let mut state = self.state.borrow_mut();
        state.inspections += 1;
        Ok(state.containers.get(name).cloned())
    }

    async fn remove_filler(&self, name: &str) -> Result<(), EngineError> {
        let mut state = self.state.borrow_mut();
        state
            .containers
            .remove(name)
            .ok_or_else(|| not_found(name))?;
        for users in state.users.values_mut() {
            users.retain(|user| user != name);
        }
        state.log.push(format!("remove container {name}"));
        Ok(())
    }
}
