//! Every field of docker's models (as bollard has them) is in the tables: an update of the models that
//! brings a field nobody classified fails here.

use super::{Kind, Schema};
use crate::guard::{container, exec, network, system, volume};
use bollard::models;
use serde::Deserialize;
use serde::de::value::Error;
use serde::de::{Deserializer, Error as _, Visitor};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Tells the fields that a model asks for, and deserialises nothing.
struct Tracer<'a>(&'a RefCell<BTreeSet<&'static str>>);

impl<'de> Deserializer<'de> for Tracer<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.0.borrow_mut().extend(fields);
        Err(Error::custom("traced"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn fields<'de, T: Deserialize<'de>>() -> BTreeSet<&'static str> {
    let found = RefCell::default();
    let _ = T::deserialize(Tracer(&found));
    found.into_inner()
}

/// All tables that can be reached from one.
fn reach(schema: &'static Schema, found: &mut BTreeMap<&'static str, &'static Schema>) {
    found.insert(schema.name, schema);
    for field in schema.fields {
        match field.kind {
            Kind::Object(inner)
            | Kind::List(inner)
            | Kind::Map(inner)
            | Kind::MapOfLists(inner) => {
                reach(inner, found);
            }
            _ => {}
        }
    }
}

macro_rules! models {
    ($($model:ident),*) => { BTreeMap::from([$((stringify!($model), fields::<models::$model>())),*]) };
}

/// Fields that are not in the current models: of older APIs, of newer engines, and of clients.
const BEYOND: &[&str] = &[
    "CheckDuplicate",
    "Container",
    "Detach",
    "auth",
    "email",
    "hijack",
    "identitytoken",
    "registrytoken",
    "stdin",
    "Capabilities",
    "ClusterOptions",
    "KernelMemory",
    "KernelMemoryTCP",
    "MacAddress",
    "name",
    "platform",
];

#[test]
fn every_field_of_the_api_is_classified() {
    let models = models!(
        ContainerCreateBody,
        ContainerConfig,
        ContainerUpdateBody,
        HealthConfig,
        HostConfig,
        HostConfigLogConfig,
        PortBinding,
        RestartPolicy,
        ResourcesUlimits,
        DeviceMapping,
        DeviceRequest,
        Mount,
        MountBindOptions,
        MountVolumeOptions,
        MountVolumeOptionsDriverConfig,
        MountTmpfsOptions,
        MountImageOptions,
        NetworkingConfig,
        EndpointSettings,
        EndpointIpamConfig,
        ExecConfig,
        ExecStartConfig,
        NetworkCreateRequest,
        NetworkConnectRequest,
        NetworkDisconnectRequest,
        ConfigReference,
        Ipam,
        IpamConfig,
        VolumeCreateRequest,
        AuthConfig
    );
    let mut tables = BTreeMap::new();
    for root in [
        &container::CREATE,
        &container::CONFIG,
        &container::UPDATE,
        &exec::EXEC,
        &exec::EXEC_START,
        &network::CREATE,
        &network::CONNECT,
        &network::DISCONNECT,
        &volume::CREATE,
        &system::AUTH,
    ] {
        reach(root, &mut tables);
    }
    let names: BTreeSet<_> = tables.keys().copied().collect();
    assert_eq!(names, models.keys().copied().collect(), "tables and models");
    for (name, schema) in tables {
        let known: BTreeSet<_> = schema.fields.iter().map(|field| field.name).collect();
        assert_eq!(known.len(), schema.fields.len(), "{name} has a field twice");
        let model = &models[name];
        assert!(!model.is_empty(), "{name} was not traced");
        let missing: Vec<_> = model.difference(&known).collect();
        assert!(missing.is_empty(), "{name}: not classified: {missing:?}");
        let mut beyond = known.difference(model);
        assert!(
            beyond.all(|field| BEYOND.contains(field)),
            "{name}: {known:?}"
        );
    }
}
