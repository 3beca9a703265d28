//! What the warm pool would have to keep ready so that a start like this one finds its session.

use super::{CLAUDE, Facts, Plan, Request};
use crate::dockercli;
use crate::model::{ContainerSpec, EnvValue, EnvVar, Stdio, label_keys};
use crate::pool::Want;
use crate::terminal::Answers;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The value of the label `hal9000.role` on a container from the pool.
const ROLE: &str = "warm";

/// What a spare is besides its container's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment<'a> {
    /// The id of the image: its reference may name another one tomorrow.
    pub image: &'a str,
    /// A mark of what Claude reads of the project when it starts.
    pub project: &'a str,
    /// What docker's client would add to the environment, which nobody does where it makes none.
    pub proxies: &'a [(String, String)],
}

/// The spare that this session could be; `None` where it must be a container of its own: not
/// through the parent, not Claude waiting on a terminal, or with variables that were meant for this
/// start alone.
pub fn spare(request: &Request, facts: &Facts, plan: &Plan, moment: &Moment<'_>) -> Option<Want> {
    let spec = &plan.run.spec;
    let via_parent = spec.labels.contains_key(label_keys::VIA);
    let waits = spec.stdio == Stdio::Terminal && spec.attached && request.what.kind() == CLAUDE;
    if !(via_parent && waits && request.env.is_empty()) {
        return None;
    }
    let mut spare = ContainerSpec {
        name: facts.project.session_name(),
        ..spec.clone()
    };
    for (name, value) in moment.proxies {
        if spare.env.iter().all(|variable| variable.name != *name) {
            spare.env.push(EnvVar {
                name: name.clone(),
                value: EnvValue::Given(value.clone()),
            });
        }
    }
    let role = (label_keys::ROLE.to_owned(), ROLE.to_owned());
    spare.labels.extend([role]);
    // Where nothing is known, or nothing was answered, nothing is claimed.
    let answers = facts.terminal.clone().unwrap_or_else(Answers::plain);
    let body = serde_json::to_value(dockercli::create_request(&spare).body).ok()?;
    Some(Want {
        project: facts.project.as_str().to_owned(),
        base: spare.name.to_string(),
        key: key(spec, moment, &answers),
        image: moment.image.to_owned(),
        body,
        answers,
    })
}

fn key(spec: &ContainerSpec, moment: &Moment<'_>, answers: &Answers) -> String {
    let hash = spec.labels.get(label_keys::SPEC).map_or("", String::as_str);
    let answers = serde_json::to_string(answers).unwrap_or_default();
    let proxies = serde_json::to_string(moment.proxies).unwrap_or_default();
    let mut hasher = Sha256::new();
    for part in [hash, moment.image, moment.project, &answers, &proxies] {
        hasher.update(part);
        hasher.update([0]);
    }
    let hash = hasher.finalize();
    hash.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockercli::spare_request;
    use crate::model::{EnvRequest, is_spare};
    use crate::plan::session::tests::{facts, settings};
    use crate::plan::{What, plan};

    fn wanted(request: &Request, facts: &Facts, image: &str) -> Option<Want> {
        let name = "another".parse().unwrap();
        let plan = plan(request, &settings(&[]), facts, name).unwrap();
        let moment = Moment {
            image,
            project: "as it is",
            proxies: &[],
        };
        spare(request, facts, &plan, &moment)
    }

    fn here() -> Facts {
        let mut facts = facts("/home/ann/shop");
        facts.parent = Some("hal9000-parent".parse().unwrap());
        facts.caller.terminal = true;
        facts
    }

    #[test]
    fn only_claude_that_waits_in_the_parents_network_can_be_had_ready() {
        let claude = Request::new(What::Claude(vec![]));
        assert!(wanted(&claude, &here(), "i").is_some());
        let piped = {
            let mut facts = here();
            facts.caller.terminal = false;
            facts
        };
        let alone = Facts {
            parent: None,
            ..here()
        };
        assert!(wanted(&claude, &piped, "i").is_none());
        assert!(wanted(&claude, &alone, "i").is_none());
        let mut asked = vec![
            Request::new(What::Shell(vec![])),
            Request::new(What::Claude(vec!["-c".to_owned()])),
        ];
        let variable: EnvRequest = "A=b".parse().unwrap();
        asked.push(Request {
            env: vec![variable],
            ..claude.clone()
        });
        asked.push(Request {
            detach: true,
            ..claude
        });
        for request in asked {
            assert!(wanted(&request, &here(), "i").is_none(), "{request:?}");
        }
    }

    #[test]
    fn a_spare_is_the_session_that_it_may_become() {
        let claude = Request::new(What::Claude(vec![]));
        let want = wanted(&claude, &here(), "i").unwrap();
        let request = spare_request(&want.body, "p.1", crate::plan::paths::GUARD).unwrap();
        let body = request.body;
        let labels = body.labels.unwrap().into_iter().collect();
        assert!(is_spare(&labels, "p.1") && !is_spare(&labels, "another"));
        assert!(
            body.env
                .unwrap()
                .contains(&"HAL9000_SESSION=p.1".to_owned())
        );
        assert!(spare_request(&serde_json::json!({"Env": 7}), "x", "/g").is_err());

        // The same for every name of the session, another one for everything else.
        let named = Request {
            name: Some("mine".parse().unwrap()),
            ..claude.clone()
        };
        assert_eq!(wanted(&named, &here(), "i").unwrap(), want);
        let key = |request: &Request, facts: &Facts, image: &str| {
            wanted(request, facts, image).unwrap().key
        };
        assert_ne!(key(&claude, &here(), "other"), want.key);
        let mut elsewhere = here();
        elsewhere
            .caller
            .environment
            .insert("TERM".to_owned(), "dumb".to_owned());
        assert_ne!(key(&claude, &elsewhere, "i"), want.key);
        let newer = Facts {
            runtime_volume: "newer".to_owned(),
            ..here()
        };
        assert_ne!(key(&claude, &newer, "i"), want.key);
        let read_only = Request {
            read_only: true,
            ..claude
        };
        assert_ne!(key(&read_only, &here(), "i"), want.key);
    }

    #[test]
    fn what_dockers_client_adds_is_in_it() {
        let claude = Request::new(What::Claude(vec![]));
        let facts = here();
        let planned = plan(&claude, &settings(&[]), &facts, "another".parse().unwrap()).unwrap();
        let with = |proxies: &[(String, String)]| {
            let (image, project) = ("i", "as it is");
            let moment = Moment {
                image,
                project,
                proxies,
            };
            spare(&claude, &facts, &planned, &moment).unwrap()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let found = with(&[pair("HTTP_PROXY", "http://p:1"), pair("TERM", "never")]);
        let env = found.body["Env"].as_array().unwrap();
        assert!(
            env.contains(&"HTTP_PROXY=http://p:1".into()) && !env.contains(&"TERM=never".into())
        );
        assert_ne!(found.key, with(&[]).key);
    }
}
