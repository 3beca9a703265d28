//! [`Images`] over the engine's API.

use super::between::settled;
use super::build_events::{BuildEvent, Parser};
use super::images::{BuildFile, BuildRequest, FillRequest, Filler, Image, Images, Volume};
use super::{Docker, EngineError, context};
use crate::model::label_keys;
use bollard::models::{
    ContainerCreateBody, HostConfig, ImageHistoryResponseItem, Mount, MountType, MountVolumeOptions,
};
use bollard::query_parameters::{
    BuildImageOptionsBuilder, CreateContainerOptionsBuilder, InspectContainerOptions,
    ListContainersOptionsBuilder, ListImagesOptionsBuilder, ListVolumesOptionsBuilder,
    RemoveContainerOptions, RemoveImageOptions, RemoveVolumeOptions, TagImageOptionsBuilder,
};
use futures_util::{StreamExt as _, stream};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

/// How long the engine may take to answer a request that copies a runtime or begins a build.
pub(super) const PATIENCE: Duration = Duration::from_secs(15 * 60);

impl Images for Docker {
    async fn architecture(&self) -> Result<String, EngineError> {
        Ok(self.client.version().await?.arch.unwrap_or_default())
    }

    async fn image(&self, reference: &str) -> Result<Option<Image>, EngineError> {
        let Some(found) = absent_is_none(self.client.inspect_image(reference).await)? else {
            return Ok(None);
        };
        let labels = found.config.and_then(|config| config.labels);
        Ok(Some(Image {
            id: found.id.unwrap_or_default(),
            labels: sorted(labels.unwrap_or_default()),
            size: count(found.size.unwrap_or_default()),
            created: found.created.as_deref().and_then(seconds).unwrap_or(0),
            tags: self.short(found.repo_tags.unwrap_or_default()),
        }))
    }

    async fn images(&self, label: &str) -> Result<Vec<Image>, EngineError> {
        let options = ListImagesOptionsBuilder::new()
            .filters(&filter("label", label))
            .build();
        let found = self.client.list_images(Some(options)).await?;
        let image = |image: bollard::models::ImageSummary| Image {
            id: image.id,
            labels: sorted(image.labels),
            size: count(image.size),
            created: image.created,
            tags: self.short(image.repo_tags),
        };
        Ok(found.into_iter().map(image).collect())
    }

    async fn build(
        &self,
        request: BuildRequest,
        on_event: &mut dyn FnMut(BuildEvent),
    ) -> Result<String, EngineError> {
        let options = BuildImageOptionsBuilder::new()
            .dockerfile("Dockerfile")
            .t(&request.tag)
            .buildargs(&unsorted(&request.args))
            .labels(&unsorted(&request.labels))
            .nocache(request.no_cache)
            .rm(true)
            .forcerm(true)
            .build();
        let mut files = vec![BuildFile {
            name: "Dockerfile".to_owned(),
            mode: 0o644,
            bytes: request.dockerfile.into(),
        }];
        files.extend(request.files);
        let pieces = context::archive(&files)
            .map_err(|error| EngineError::Refused(format!("a file of the build: {error}")))?;
        let body = bollard::body_stream(stream::iter(pieces));

        let client = self.client.clone().with_timeout(PATIENCE);
        let mut messages = std::pin::pin!(client.build_image(options, None, Some(body)));
        let mut parser = Parser::default();
        while let Some(message) = messages.next().await {
            match message {
                Ok(info) => parser.take(info, on_event),
                Err(error) => {
                    parser.finish(on_event);
                    return Err(EngineError::from(error).in_build(parser.step()));
                }
            }
        }
        parser.finish(on_event);
        // A connection that ends early looks like a build that ended: only the result tells.
        let ended = || EngineError::Unreachable("the build's stream ended early".to_owned());
        parser.image().map(str::to_owned).ok_or_else(ended)
    }

    async fn tag_image(&self, image: &str, reference: &str) -> Result<(), EngineError> {
        let (repo, tag) = reference.rsplit_once(':').unwrap_or((reference, "latest"));
        let options = TagImageOptionsBuilder::new().repo(repo).tag(tag).build();
        Ok(self.client.tag_image(image, Some(options)).await?)
    }

    async fn remove_image(&self, reference: &str) -> Result<u64, EngineError> {
        // For the bytes alone: a failure here is no reason to keep the image.
        let history = self.client.image_history(reference).await;
        let removed = self
            .client
            .remove_image(reference, None::<RemoveImageOptions>, None)
            .await?;
        let removed: HashSet<_> = removed
            .into_iter()
            .filter_map(|item| item.deleted)
            .collect();
        Ok(freed(&history.unwrap_or_default(), &removed))
    }

    async fn volume(&self, name: &str) -> Result<Option<Volume>, EngineError> {
        let found = absent_is_none(self.client.inspect_volume(name).await)?;
        Ok(found.map(volume))
    }

    async fn volumes(&self, label: &str) -> Result<Vec<Volume>, EngineError> {
        let options = ListVolumesOptionsBuilder::new()
            .filters(&filter("label", label))
            .build();
        let found = self.client.list_volumes(Some(options)).await?;
        let volumes = found.volumes.unwrap_or_default();
        Ok(volumes.into_iter().map(volume).collect())
    }

    async fn remove_volume(&self, name: &str) -> Result<(), EngineError> {
        let options = None::<RemoveVolumeOptions>;
        Ok(self.client.remove_volume(name, options).await?)
    }

    async fn volume_users(&self, name: &str) -> Result<Vec<String>, EngineError> {
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&filter("volume", name))
            .build();
        let found = settled(|| self.client.list_containers(Some(options.clone()))).await?;
        let name = |container: bollard::models::ContainerSummary| {
            let name = container.names.unwrap_or_default().into_iter().next();
            name.map(|name| name.trim_start_matches('/').to_owned())
        };
        Ok(found.into_iter().filter_map(name).collect())
    }

    async fn create_filler(&self, request: &FillRequest) -> Result<(), EngineError> {
        let options = CreateContainerOptionsBuilder::new()
            .name(&request.name)
            .build();
        let mount = Mount {
            typ: Some(MountType::VOLUME),
            source: Some(request.volume.clone()),
            target: Some(request.target.clone()),
            // With the labels here, the engine makes the volume and reserves it for this container
            // in one step: there is no moment at which another process could remove it.
            volume_options: Some(MountVolumeOptions {
                labels: Some(unsorted(&request.volume_labels)),
                ..MountVolumeOptions::default()
            }),
            ..Mount::default()
        };
        let body = ContainerCreateBody {
            image: Some(request.image.clone()),
            cmd: Some(request.command.clone()),
            labels: Some(unsorted(&request.labels)),
            host_config: Some(HostConfig {
                mounts: Some(vec![mount]),
                network_mode: Some("none".to_owned()),
                ..HostConfig::default()
            }),
            ..ContainerCreateBody::default()
        };
        let client = self.client.clone().with_timeout(PATIENCE);
        client.create_container(Some(options), body).await?;
        Ok(self.fill(&request.name).await?)
    }

    async fn filler(&self, name: &str) -> Result<Option<Filler>, EngineError> {
        let options = None::<InspectContainerOptions>;
        let answer = settled(|| self.client.inspect_container(name, options.clone())).await;
        let Some(found) = absent_is_none(answer)? else {
            return Ok(None);
        };
        // The engine also takes an id's beginning for a name.
        if found
            .name
            .as_deref()
            .map(|name| name.trim_start_matches('/'))
            != Some(name)
        {
            return Ok(None);
        }
        let labels = found.config.and_then(|config| config.labels);
        let labels = sorted(labels.unwrap_or_default());
        let state = found.state.and_then(|state| state.status);
        let state = state.map(|state| state.to_string()).unwrap_or_default();
        // What has none of our labels is somebody else's, and is not started.
        if labels.contains_key(label_keys::ROLE) && (state == "created" || state == "running") {
            self.fill(name).await?;
        }
        Ok(Some(Filler { labels, state }))
    }

    async fn remove_filler(&self, name: &str) -> Result<(), EngineError> {
        let options = None::<RemoveContainerOptions>;
        Ok(self.client.remove_container(name, options).await?)
    }
}

impl Docker {
    /// References as they are given to the engine.
    fn short(&self, tags: Vec<String>) -> Vec<String> {
        // What the engine says of an image without a reference.
        let tags = tags.into_iter().filter(|tag| tag != "<none>:<none>");
        if !self.kind.names_registries() {
            return tags.collect();
        }
        tags.map(|tag| without_registry(&tag).to_owned()).collect()
    }
}

fn without_registry(tag: &str) -> &str {
    let mut registries = ["docker.io/library/", "docker.io/", "localhost/"].into_iter();
    registries
        .find_map(|it| tag.strip_prefix(it))
        .unwrap_or(tag)
}

fn absent_is_none<T>(result: Result<T, bollard::errors::Error>) -> Result<Option<T>, EngineError> {
    match result.map_err(EngineError::from) {
        Ok(found) => Ok(Some(found)),
        Err(EngineError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn volume(volume: bollard::models::Volume) -> Volume {
    Volume {
        name: volume.name,
        labels: sorted(volume.labels),
    }
}

fn filter(key: &str, value: &str) -> HashMap<String, Vec<String>> {
    HashMap::from([(key.to_owned(), vec![value.to_owned()])])
}

fn sorted(labels: HashMap<String, String>) -> BTreeMap<String, String> {
    labels.into_iter().collect()
}

fn unsorted(labels: &BTreeMap<String, String>) -> HashMap<String, String> {
    labels.clone().into_iter().collect()
}

fn count(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or(0)
}

/// Bytes of the layers that went with the removed images. An image that was built here has its
/// intermediate images in its history; of one that came from elsewhere only the id itself is
/// known, and its nameless layers are taken to have gone with it.
fn freed(history: &[ImageHistoryResponseItem], removed: &HashSet<String>) -> u64 {
    let mut gone = false;
    let mut bytes = 0;
    for layer in history {
        gone = removed.contains(&layer.id) || (gone && layer.id == "<missing>");
        if gone {
            bytes += count(layer.size);
        }
    }
    bytes
}

/// Seconds since 1970 of the engine's `2026-11-22T16:31:10.571873346Z`.
fn seconds(time: &str) -> Option<i64> {
    let number = |from: usize, to: usize| time.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    // Years that begin in March: the leap day is the last, and month lengths follow one formula.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days = year * 365 + leaps + (153 * month + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-22T16:31:10.571873346Z", 1_795_365_070),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for bad in ["", "2026", "now", "2026-11-22Tä"] {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_name_is_the_one_that_was_given() {
        for (tag, name) in [
            ("docker.io/library/debian:trixie-slim", "debian:trixie-slim"),
            ("docker.io/hal9000/worker:1", "hal9000/worker:1"),
            ("localhost/hal9000/worker:1", "hal9000/worker:1"),
            ("ghcr.io/a/b:1", "ghcr.io/a/b:1"),
            ("hal9000/worker:1", "hal9000/worker:1"),
        ] {
            assert_eq!(without_registry(tag), name);
        }
    }

    #[test]
    fn only_layers_that_went_are_counted() {
        let layer = |id: &str, size| ImageHistoryResponseItem {
            id: id.to_owned(),
            size,
            ..ImageHistoryResponseItem::default()
        };
        let history = [
            layer("c", 5),
            layer("b", 7),
            layer("a", 100),
            layer("<missing>", 1),
        ];
        let removed = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        assert_eq!(freed(&history, &removed(&["c", "b"])), 12);
        assert_eq!(freed(&history, &removed(&["c", "b", "a"])), 113);
        assert_eq!(freed(&history, &removed(&[])), 0);
    }
}
