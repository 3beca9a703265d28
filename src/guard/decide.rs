//! From a request and its body to what is done: one arm for each route.

use super::container;
use super::exec::{EXEC, EXEC_START};
use super::filters::{self, Filters};
use super::json::{self, Value};
use super::ownership::{Kind, Record};
use super::path::{Body, Permission, Query, Request, Route, is_image, is_name};
use super::policy::Bounds;
use super::refusal::Refusal;
use super::rule;
use super::schema::{Model, Schema};
use super::system::{self, AUTH};
use super::verdict::{Claim, Effect, Payload, Pending, Prune, Reply, Upstream, Verdict};
use super::{build, image, network, volume};

/// Decide on a request. `body` is the whole JSON body, empty where [`super::head::check`] found none.
pub fn decide(request: &Request, body: &[u8], bounds: &Bounds<'_>) -> Result<Verdict, Refusal> {
    let mut work = Work {
        request,
        bounds,
        query: request.query.clone(),
        object: None,
        upstream: Upstream {
            method: request.row.method,
            path: String::new(),
            query: String::new(),
            payload: Payload::Empty,
            stream: request.row.stream,
            claims: Vec::new(),
            effect: Effect::Nothing,
            reply: Reply::AsIs,
            changes: Vec::new(),
        },
    };
    match work.resolve() {
        // With force what is not there is removed well.
        Err(refusal) if refusal.status == 404 && work.removes_volume_by_force() => {
            return Ok(Verdict::Nothing(""));
        }
        resolved => resolved?,
    }
    let body = match request.row.body {
        Body::Json => Some(json::read(body)?),
        Body::OptionalJson if body.is_empty() => None,
        Body::OptionalJson => Some(json::read(body)?).filter(|value| *value != Value::Null),
        Body::None | Body::Tar => None,
    };
    work.route(body.unwrap_or_else(|| Value::Map([].into())))
}

struct Work<'a> {
    request: &'a Request,
    bounds: &'a Bounds<'a>,
    query: Query,
    object: Option<String>,
    upstream: Upstream,
}

impl Work<'_> {
    fn name(&self) -> &str {
        let object = self.request.object.as_ref();
        object.map_or("", |object| object.name.as_str())
    }

    fn id(&self) -> String {
        self.object.clone().unwrap_or_default()
    }

    /// The object in the path, by its full id.
    fn resolve(&mut self) -> Result<(), Refusal> {
        let Permission::Owned(kind) = self.request.row.permission else {
            return Ok(());
        };
        let name = self.name();
        let built_in = match self.request.row.route {
            Route::NetworkInspect => ["bridge", "none"].contains(&name),
            Route::NetworkConnect | Route::NetworkDisconnect => name == "bridge",
            _ => false,
        };
        self.object = Some(match kind {
            // decided by its arm
            Kind::Image => return Ok(()),
            _ if built_in => name.to_owned(),
            kind => self.bounds.owned.require(kind, name)?,
        });
        Ok(())
    }

    fn removes_volume_by_force(&self) -> bool {
        self.request.row.route == Route::VolumeDelete && self.query.get("force") == Some("1")
    }

    fn forward(mut self) -> Verdict {
        self.finish();
        Verdict::Forward(Box::new(self.upstream))
    }

    fn finish(&mut self) {
        self.upstream.path = self.request.path(self.object.as_deref());
        self.upstream.query = self.query.encode();
    }

    fn model(&mut self, model: Model) {
        self.upstream.payload = Payload::Json(Value::Map(model.body).to_json());
        self.upstream.changes.extend(model.changes);
    }

    fn read(&mut self, schema: &'static Schema, body: Value) -> Result<(), Refusal> {
        let model = schema.read(body, self.bounds)?;
        self.model(model);
        Ok(())
    }

    fn outcome(&mut self, (claims, effect): (Vec<Claim>, Effect)) {
        self.upstream.claims = claims;
        self.upstream.effect = effect;
    }

    fn makes(&mut self, kind: Kind, name: Option<String>, of: Option<String>) {
        self.upstream.effect = Effect::Makes { kind, name, of };
    }

    fn removes(&mut self, kind: Kind) {
        let id = self.id();
        self.upstream.effect = Effect::Records(vec![Record::Removed { kind, id }]);
    }

    fn filters(&mut self, known: &[&str]) -> Result<Filters, Refusal> {
        let filters = filters::parse(self.query.get("filters"), known)?;
        self.query.remove("filters");
        Ok(filters)
    }

    fn filtered(&mut self, filters: &Filters) {
        if !filters.is_empty() {
            self.query.set("filters", filters::render(filters));
        }
    }

    fn prune(mut self, kind: Kind, known: &[&str]) -> Result<Verdict, Refusal> {
        let filters = self.filters(known)?;
        let version = self.request.version;
        Ok(Verdict::Prune(Prune {
            kind,
            filters,
            version,
        }))
    }

    fn route(mut self, body: Value) -> Result<Verdict, Refusal> {
        match self.request.row.route {
            Route::ContainerCreate => return self.container_create(body),
            Route::ContainerPrune => {
                return self.prune(Kind::Container, &["label", "label!", "until"]);
            }
            Route::NetworkPrune => return self.prune(Kind::Network, &["label", "label!", "until"]),
            Route::VolumePrune => return self.prune(Kind::Volume, &["all", "label", "label!"]),
            Route::ImagePrune => {
                return self.prune(Kind::Image, &["dangling", "label", "label!", "until"]);
            }
            // The cache is BuildKit's, the classic builder's is in images.
            Route::BuildPrune => {
                self.filters(filters::BUILDS)?;
                return Ok(Verdict::Nothing(
                    r#"{"CachesDeleted":[],"SpaceReclaimed":0}"#,
                ));
            }
            Route::ContainerList => self.container_list()?,
            Route::NetworkList => self.list(Kind::Network, filters::NETWORKS)?,
            Route::VolumeList => self.list(Kind::Volume, filters::VOLUMES)?,
            Route::Events => {
                let filters = self.filters(filters::EVENTS)?;
                self.filtered(&filters);
                self.upstream.reply = Reply::Events;
            }
            Route::DiskUsage => self.upstream.reply = Reply::DiskUsage,
            Route::Ping => self.upstream.reply = Reply::Ping,
            Route::Version => self.upstream.reply = Reply::Version,
            Route::Info => self.upstream.reply = Reply::Info,
            Route::Auth => self.read(&AUTH, body)?,
            Route::ContainerInspect => self.upstream.reply = Reply::Inspected(Kind::Container),
            Route::NetworkInspect => self.upstream.reply = Reply::Inspected(Kind::Network),
            Route::ContainerTop => self.top()?,
            Route::ContainerUpdate => {
                let model = container::update(body, self.bounds)?;
                self.model(model);
            }
            Route::ContainerRename => self.rename()?,
            Route::ContainerDelete => self.removes(Kind::Container),
            Route::ExecCreate => {
                self.read(&EXEC, body)?;
                let of = Some(self.id());
                self.makes(Kind::Exec, None, of);
            }
            Route::ExecStart => self.read(&EXEC_START, body)?,
            Route::NetworkCreate => {
                let name = body.get("Name").as_text().to_owned();
                self.read(&network::CREATE, body)?;
                self.makes(Kind::Network, Some(name), None);
            }
            Route::NetworkConnect => self.read(&network::CONNECT, body)?,
            Route::NetworkDisconnect => self.read(&network::DISCONNECT, body)?,
            Route::NetworkDelete => self.removes(Kind::Network),
            Route::VolumeCreate => self.volume_create(body)?,
            Route::VolumeDelete => self.removes(Kind::Volume),
            Route::Commit => {
                let outcome = image::commit(&mut self.query, self.bounds)?;
                self.outcome(outcome);
                self.read(&container::CONFIG, body)?;
            }
            Route::Build => {
                let (claims, effect, changes) = build::build(&mut self.query, self.bounds)?;
                self.outcome((claims, effect));
                self.upstream.changes = changes;
                self.upstream.payload = Payload::Tar;
            }
            Route::BuildSession | Route::BuildCalls if self.bounds.policy.classic_builder => {
                let path = self.request.row.path;
                return Err(Refusal::forbidden(rule::BUILDER, path, "is refused"));
            }
            Route::ArchivePut => self.upstream.payload = Payload::Files,
            _ => self.image()?,
        }
        Ok(self.forward())
    }

    fn container_create(mut self, body: Value) -> Result<Verdict, Refusal> {
        let name = match self.query.get("name") {
            Some(name) => Some(plain_name("query name", name)?),
            None => None,
        };
        if let Some(name) = &name {
            self.query.set("name", name);
        }
        let create = container::read(body, self.bounds)?;
        self.upstream.changes.clone_from(&create.changes);
        self.upstream.claims = create.claims();
        self.makes(Kind::Container, name, None);
        self.finish();
        Ok(Verdict::Create(Box::new(Pending {
            create,
            version: self.request.version,
            upstream: self.upstream,
        })))
    }

    /// Labels narrow the list to what the session made before a `limit` counts; what is shown is
    /// decided by id.
    fn container_list(&mut self) -> Result<(), Refusal> {
        let mut filters = self.filters(filters::CONTAINERS)?;
        let labels = self.bounds.policy.labels.iter();
        let labels = labels.map(|(key, value)| format!("{key}={value}"));
        filters
            .entry("label".to_owned())
            .or_default()
            .extend(labels);
        filters.retain(|_, terms| !terms.is_empty());
        for name in ["since", "before"] {
            if let Some(terms) = filters.get_mut(name) {
                let ids = terms
                    .iter()
                    .map(|term| self.bounds.owned.require(Kind::Container, term));
                *terms = ids.collect::<Result<_, _>>()?;
            }
            if let Some(term) = self.request.query.get(name) {
                self.query
                    .set(name, self.bounds.owned.require(Kind::Container, term)?);
            }
        }
        self.filtered(&filters);
        self.upstream.reply = Reply::Owned(Kind::Container);
        Ok(())
    }

    fn list(&mut self, kind: Kind, known: &[&str]) -> Result<(), Refusal> {
        let filters = self.filters(known)?;
        self.filtered(&filters);
        self.upstream.reply = Reply::Owned(kind);
        Ok(())
    }

    fn top(&self) -> Result<(), Refusal> {
        match self.query.get("ps_args") {
            Some(args) if !system::is_ps(args) => {
                let cause = format!("is `{args}`");
                Err(Refusal::forbidden(rule::PS_ARGS, "query ps_args", cause))
            }
            _ => Ok(()),
        }
    }

    fn rename(&mut self) -> Result<(), Refusal> {
        let name = plain_name("query name", self.query.get("name").unwrap_or_default())?;
        self.query.set("name", &name);
        let (kind, id) = (Kind::Container, self.id());
        self.upstream.effect = Effect::Records(vec![Record::Named { kind, id, name }]);
        Ok(())
    }

    fn volume_create(&mut self, body: Value) -> Result<(), Refusal> {
        let name = body.get("Name").as_text().to_owned();
        self.read(&volume::CREATE, body)?;
        let kind = Kind::Volume;
        if self.bounds.owned.has(kind, &name) {
            return Ok(());
        }
        let name = (!name.is_empty()).then_some(name);
        self.makes(kind, name.clone(), None);
        self.upstream
            .claims
            .extend(name.map(|name| Claim { kind, name }));
        Ok(())
    }

    fn image(&mut self) -> Result<(), Refusal> {
        match self.request.row.route {
            Route::ImageList => {
                let filters = self.filters(filters::IMAGES)?;
                self.filtered(&filters);
            }
            Route::ImageSearch => {
                let filters = self.filters(filters::SEARCH)?;
                self.filtered(&filters);
            }
            Route::ImageExportMany => {
                if let Some(name) = self.query.all("names").find(|name| !is_image(name)) {
                    let cause = format!("has `{name}`");
                    return Err(Refusal::malformed(rule::IMAGE_NAME, "query names", cause));
                }
            }
            Route::ImageTag => {
                let outcome = image::tag(&mut self.query, self.bounds)?;
                self.outcome(outcome);
            }
            Route::ImageCreate => {
                let outcome = image::create(&mut self.query, self.bounds)?;
                self.outcome(outcome);
                if self.query.get("fromSrc").is_some() {
                    self.upstream.payload = Payload::Tar;
                }
            }
            Route::ImageLoad => {
                self.upstream.payload = Payload::Images;
                self.upstream.effect = Effect::Refers(Vec::new());
            }
            Route::ImagePush => image::push(&self.query, self.name())?,
            Route::ImageDelete => {
                let (name, effect) = image::delete(self.name(), self.bounds)?;
                self.object = Some(name);
                self.upstream.effect = effect;
            }
            _ => {}
        }
        Ok(())
    }
}

/// A name for something new. docker's own answers have names with a leading slash.
fn plain_name(field: &str, name: &str) -> Result<String, Refusal> {
    let plain = name.strip_prefix('/').unwrap_or(name);
    if is_name(plain) {
        return Ok(plain.to_owned());
    }
    Err(Refusal::malformed(
        rule::NAME,
        field,
        format!("is `{name}`"),
    ))
}

#[cfg(test)]
mod tests;
