use super::*;
use crate::guard::ownership::Record;

fn owned() -> Owned {
    let mut owned = Owned::default();
    for (kind, id) in [
        (Kind::Container, "c1"),
        (Kind::Network, "n1"),
        (Kind::Volume, "v1"),
    ] {
        let (id, name, of) = (id.to_owned(), None, None);
        owned.apply(&Record::Made { kind, id, name, of });
    }
    owned
}

#[test]
fn lists_show_what_the_session_owns() {
    let owned = owned();
    let mut containers = json!([{"Id": "c1"}, {"Id": "c2"}, {"Names": ["c1"]}]);
    list(Kind::Container, &mut containers, &owned);
    assert_eq!(containers, json!([{"Id": "c1"}]));
    let mut volumes = json!({"Volumes": [{"Name": "v1"}, {"Name": "v2"}], "Warnings": null});
    list(Kind::Volume, &mut volumes, &owned);
    assert_eq!(volumes["Volumes"], json!([{"Name": "v1"}]));
    let mut networks = json!([
        {"Id": "n1", "Name": "mine"}, {"Id": "n2", "Name": "theirs"},
        {"Id": "n3", "Name": "bridge", "Containers": {"c1": {}, "c2": {}}},
    ]);
    list(Kind::Network, &mut networks, &owned);
    assert_eq!(networks.as_array().unwrap().len(), 2);
    assert_eq!(networks[1]["Containers"], json!({"c1": {}}));
    let mut usage =
        json!({"LayersSize": 1, "Containers": [{"Id": "c2"}], "BuildCache": [{}], "New": {}});
    disk_usage(&mut usage, &owned);
    assert_eq!(
        usage,
        json!({"LayersSize": 1, "Containers": [], "BuildCache": []})
    );
}

#[test]
fn events_of_others_are_not_told() {
    let owned = owned();
    for (told, text) in [
        (true, r#"{"Type":"container","Actor":{"ID":"c1"}}"#),
        (false, r#"{"Type":"container","Actor":{"ID":"c2"}}"#),
        (true, r#"{"Type":"network","Actor":{"ID":"n1"}}"#),
        (
            true,
            r#"{"Type":"network","Actor":{"ID":"n9","Attributes":{"container":"c1"}}}"#,
        ),
        (
            false,
            r#"{"Type":"network","Actor":{"ID":"n9","Attributes":{"container":"c2"}}}"#,
        ),
        (true, r#"{"Type":"volume","Actor":{"ID":"v1"}}"#),
        (false, r#"{"Type":"volume","Actor":{"ID":"v2"}}"#),
        (false, r#"{"Type":"image","Actor":{"ID":"node:20"}}"#),
        (false, r#"{"Type":"daemon","Actor":{"ID":"x"}}"#),
        (false, r#"{"id":"c1","status":"die"}"#),
        (false, "7"),
    ] {
        assert_eq!(
            event(&serde_json::from_str(text).unwrap(), &owned),
            told,
            "{text}"
        );
    }
}

#[test]
fn the_engine_is_shown_as_the_guard_speaks() {
    let speaks = Speaks::new("1.54", Some("1.44")).unwrap();
    let mut answer = json!({"ApiVersion": "1.54", "Components": [{"Name": "Engine", "Details": {"ApiVersion": "1.54"}}, {"Name": "runc", "Details": {}}]});
    version(&mut answer, speaks);
    assert_eq!(answer["ApiVersion"], "1.52");
    assert_eq!(answer["MinAPIVersion"], "1.44");
    assert_eq!(answer["Components"][0]["Details"]["ApiVersion"], "1.52");
    assert_eq!(answer["Components"][1]["Details"], json!({}));
    assert_eq!(ping(speaks)[0], ("Api-Version", "1.52".to_owned()));
    let mut engine = json!({"Containers": 9, "HttpProxy": "http://u:p@h", "Swarm": {"NodeID": "x"}, "OSType": "linux"});
    info(&mut engine, &owned());
    assert_eq!(
        engine,
        json!({"Containers": 1, "OSType": "linux", "Swarm": {"LocalNodeState": "inactive"}})
    );
}

#[test]
fn mounts_are_shown_as_they_were_asked_for() {
    let mapping = Mapping::new("/home/me/p", &["/workspace"], "/run/hal/guard.sock").unwrap();
    let mut answer = json!({
        "Mounts": [
            {"Type": "bind", "Source": "/home/me/p", "Destination": "/a"},
            {"Type": "bind", "Source": "/run/hal/guard.sock", "Destination": "/s"},
            {"Type": "volume", "Name": "hal-1", "Source": "/var/lib/docker/volumes/hal-1/_data", "Driver": "local", "Propagation": ""},
            {"Type": "volume", "Name": "mine", "Source": "/var/lib/docker/volumes/mine/_data"},
        ],
        "HostConfig": {"Mounts": [{"Type": "volume", "Source": "hal-1", "Target": "/b", "VolumeOptions": {}}]},
    });
    let beneath = |name: &str| (name == "hal-1").then(|| "sub/dir".to_owned());
    container(&mut answer, &mapping, &beneath);
    let sources: Vec<_> = answer["Mounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mount| mount["Source"].clone())
        .collect();
    assert_eq!(
        sources,
        [
            "/workspace",
            "/var/run/docker.sock",
            "/workspace/sub/dir",
            "/var/lib/docker/volumes/mine/_data"
        ]
    );
    assert_eq!(
        answer["Mounts"][2],
        json!({"Type": "bind", "Source": "/workspace/sub/dir", "Propagation": "rprivate"})
    );
    assert_eq!(
        answer["HostConfig"]["Mounts"][0],
        json!({"Type": "bind", "Source": "/workspace/sub/dir", "Target": "/b"})
    );
    for odd in [json!(null), json!([]), json!({"Mounts": [1, null]})] {
        let mut odd = odd;
        container(&mut odd, &mapping, &beneath);
        list(Kind::Volume, &mut odd, &owned());
        disk_usage(&mut odd, &owned());
        info(&mut odd, &owned());
    }
}

#[test]
fn a_network_is_shown_by_its_name() {
    let mut owned = Owned::default();
    let (kind, id, of) = (Kind::Network, "n1".to_owned(), None);
    let name = Some("mine".to_owned());
    owned.apply(&Record::Made { kind, id, name, of });
    let policy = Policy {
        default_network: Some("n0".to_owned()),
        ..Policy::default()
    };
    for (mode, shown) in [
        ("n1", "mine"),
        ("n0", "default"),
        ("bridge", "bridge"),
        ("container:c1", "container:c1"),
    ] {
        let mut answer = json!({"HostConfig": {"NetworkMode": mode}});
        network_mode(&mut answer, &owned, &policy);
        assert_eq!(answer["HostConfig"]["NetworkMode"], shown);
    }
    network_mode(&mut json!({"HostConfig": null}), &owned, &policy);
}
