//! Every field of docker's models (as bollard has them) is in the tables: an update of the models that
//! brings a field nobody classified fails here.

use super::{Class, Kind, Schema};
use crate::guard::{container, exec, network, system, volume};
use bollard::models;
use serde::Deserialize;
use serde::de::value::Error;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
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

/// Gives a model one of its fields, and tells the model that is in it: alone, in a list or in a map.
struct Field<'a> {
    name: Option<&'static str>,
    inside: &'a RefCell<BTreeSet<&'static str>>,
}

/// The value of the field, or of what is in it.
struct Inside<'a>(&'a RefCell<BTreeSet<&'static str>>);

impl<'de> Deserializer<'de> for Field<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(self)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Field<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let name = self.name.take().map(StrDeserializer::new);
        name.map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(Inside(self.inside))
    }
}

impl<'de> Deserializer<'de> for Inside<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.0.borrow_mut().insert(name);
        Err(Error::custom("traced"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(self)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Field {
            name: Some("key"),
            inside: self.0,
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("a value without fields"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct newtype_struct tuple tuple_struct enum identifier ignored_any
    }
}

impl<'de> SeqAccess<'de> for Inside<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        seed.deserialize(Inside(self.0)).map(Some)
    }
}

/// The model in each field that has one.
fn nested<'de, T: Deserialize<'de>>() -> BTreeMap<&'static str, &'static str> {
    let mut found = BTreeMap::new();
    for name in fields::<T>() {
        let inside = RefCell::default();
        let field = Field {
            name: Some(name),
            inside: &inside,
        };
        let _ = T::deserialize(field);
        found.extend(inside.into_inner().into_iter().map(|model| (name, model)));
    }
    found
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
    ($($model:ident),*) => {
        BTreeMap::from([$((
            stringify!($model),
            (fields::<models::$model>(), nested::<models::$model>()),
        )),*])
    };
}

/// Fields that are not in the current models: of older APIs, of newer engines, and of clients.
const BEYOND: &[&str] = &[
    "CheckDuplicate",
    "Container",
    "Detach",
    "Runtime",
    "auth",
    "detachKeys",
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
        let (model, nested) = &models[name];
        assert!(!model.is_empty(), "{name} was not traced");
        let missing: Vec<_> = model.difference(&known).collect();
        assert!(missing.is_empty(), "{name}: not classified: {missing:?}");
        let mut beyond = known.difference(model);
        assert!(
            beyond.all(|field| BEYOND.contains(field)),
            "{name}: {known:?}"
        );
        // a model in a field is read by its table, unless all of it is left out
        for field in schema.fields {
            let Some(inner) = nested.get(field.name) else {
                continue;
            };
            let read = match field.kind {
                Kind::Object(table)
                | Kind::List(table)
                | Kind::Map(table)
                | Kind::MapOfLists(table) => table.name == *inner,
                _ => false,
            };
            let whole = matches!(field.class, Class::Refused(_) | Class::Dropped(_));
            assert!(read || whole, "{name}.{}: {inner}", field.name);
        }
    }
    assert_eq!(models["HostConfig"].1["PortBindings"], "PortBinding");
    assert_eq!(models["Mount"].1["BindOptions"], "MountBindOptions");
}
