//! The use-cases on an engine in memory.

use super::*;
use crate::dockercli::CreateRequest;
use crate::engine::{Containers, EngineError, Listed, Member, Parents, Which};
use crate::ipc::ChromaState::{Failed, Restarting, Starting};
use crate::ipc::{Answer, CallError, Chroma, ChromaState, Hello, PROTOCOL, Reply, Request, Status};
use crate::model::{EngineKind, Identity, label_keys};
use crate::plan::parent::{ParentFacts, at_port, labels, parent};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::time::Duration;

/// One container of the parent's name at most, a coordinator in it, and everything that was done.
#[derive(Default)]
struct Fake {
    look: RefCell<Option<Look>>,
    workers: Vec<Member>,
    /// Ports that cannot be had.
    taken: Vec<u16>,
    /// What else the next creations meet: somebody who was quicker.
    quicker: RefCell<VecDeque<Look>>,
    chroma: RefCell<VecDeque<ChromaState>>,
    protocol: Option<u32>,
    dies: bool,
    done: RefCell<Vec<String>>,
}

impl Fake {
    fn did(&self, what: impl Into<String>) {
        self.done.borrow_mut().push(what.into());
    }
}

impl Containers for Fake {
    async fn containers(&self, _: &Which) -> Result<Vec<Listed>, EngineError> {
        Ok(Vec::new())
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, EngineError> {
        if let Some(other) = self.quicker.borrow_mut().pop_front() {
            *self.look.borrow_mut() = Some(other);
            return Err(EngineError::Conflict(request.name.clone()));
        }
        let host = request.body.host_config.clone().unwrap();
        let binding = host
            .port_bindings
            .unwrap()
            .into_values()
            .flatten()
            .flatten()
            .next();
        let port = binding.unwrap().host_port.unwrap().parse().unwrap();
        self.did(format!("create at {port}"));
        *self.look.borrow_mut() = Some(Look {
            id: "made".to_owned(),
            image: "image".to_owned(),
            labels: of_image(request.body.labels.clone().unwrap().into_iter().collect()),
            state: "created".to_owned(),
            port: Some(port),
            ..Look::default()
        });
        Ok("made".to_owned())
    }

    async fn stop(&self, id: &str, _: i32) -> Result<(), EngineError> {
        self.did(format!("stop {id}"));
        Ok(())
    }

    async fn hang_up(&self, _: &str) -> Result<(), EngineError> {
        Ok(())
    }

    async fn remove(&self, id: &str, _: bool) -> Result<(), EngineError> {
        self.did(format!("remove {id}"));
        self.look.borrow_mut().take_if(|look| look.id == id);
        Ok(())
    }

    async fn rename(&self, _: &str, _: &str) -> Result<(), EngineError> {
        unreachable!("no session is taken from the pool here")
    }

    async fn rootless(&self) -> Result<bool, EngineError> {
        Ok(false)
    }
}

impl Parents for Fake {
    async fn look(&self, _: &str) -> Result<Option<Look>, EngineError> {
        Ok(self.look.borrow().clone())
    }

    async fn members(&self, _: &Labels) -> Result<Vec<Member>, EngineError> {
        Ok(self.workers.clone())
    }

    async fn start(&self, id: &str) -> Result<(), EngineError> {
        let mut look = self.look.borrow_mut();
        let look = look.as_mut().unwrap();
        if look.port.is_some_and(|port| self.taken.contains(&port)) {
            let text = "driver failed programming: Bind for 127.0.0.1: port is already allocated";
            return Err(EngineError::Refused(text.to_owned()));
        }
        self.did(format!("start {id}"));
        look.state = if self.dies { "exited" } else { "running" }.to_owned();
        look.exit_code = 7;
        Ok(())
    }

    async fn restart(&self, _: &str) -> Result<(), EngineError> {
        Ok(())
    }
}

impl Link for Fake {
    async fn ask(&self, request: &Request, _: Duration) -> Result<Reply, CallError> {
        let running = self.look.borrow().as_ref().is_some_and(Look::running);
        if !running {
            return Err(CallError::Unreachable("nobody".to_owned()));
        }
        let chroma = Chroma {
            state: self
                .chroma
                .borrow_mut()
                .pop_front()
                .unwrap_or(ChromaState::Ready),
            version: "1".to_owned(),
            pid: None,
            since: 0,
            restarts: 0,
            problem: Some("its last words".to_owned()),
        };
        let answer = match request {
            Request::RestartServices => {
                self.did("restart services");
                Answer::Done
            }
            _ => Answer::Status(Box::new(Status {
                hello: Hello {
                    build: String::new(),
                    started: 0,
                    schema: 1,
                },
                chroma,
                workers: Vec::new(),
                pool: None,
                memory: None,
            })),
        };
        Ok(Reply {
            protocol: self.protocol.unwrap_or(PROTOCOL),
            version: "0.0.9".to_owned(),
            answer,
        })
    }
}

fn facts() -> ParentFacts {
    ParentFacts {
        instance: "x".parse().unwrap(),
        user: "ann".to_owned(),
        identity: Identity { uid: 1, gid: 1 },
        image: "hal9000/parent:1".to_owned(),
        engine: EngineKind::Docker,
        socket: "/s".to_owned(),
        run: None,
        guards: None,
        processors: None,
    }
}

/// A container has the labels of its image, too.
fn of_image(mut labels: Labels) -> Labels {
    labels.insert(label_keys::INPUTS.to_owned(), "inputs".to_owned());
    labels
}

fn running(id: &str) -> Look {
    Look {
        id: id.to_owned(),
        image: "image".to_owned(),
        labels: of_image(parent(&facts()).unwrap().labels),
        state: "running".to_owned(),
        port: Some(8000),
        ..Look::default()
    }
}

fn worker(name: &str, network_of: &str) -> Member {
    Member {
        name: name.to_owned(),
        state: "running".to_owned(),
        network_of: network_of.to_owned(),
        ..Member::default()
    }
}

async fn with<T>(
    fake: &Fake,
    work: impl AsyncFnOnce(&Parent<'_, Fake, Fake>) -> Result<T, DaemonError>,
) -> (Result<T, String>, Vec<String>) {
    let described = parent(&facts()).unwrap();
    let result = work(&Parent {
        engine: fake,
        link: fake,
        name: described.name.clone(),
        labels: labels(&facts()),
        spec: &|port| at_port(&described, port),
        inputs: "inputs".to_owned(),
        ports: vec![8000, 8001, 8002],
    })
    .await;
    (result.map_err(|error| error.to_string()), fake.done.take())
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_made_and_what_runs_is_left() {
    let fake = Fake::default();
    let (started, done) = with(&fake, async |parent| start(parent).await).await;
    assert_eq!(done, ["create at 8000", "start made"]);
    let started = started.unwrap();
    assert!(!started.ran && !started.outdated && started.port == Some(8000));

    let (again, done) = with(&fake, async |parent| start(parent).await).await;
    assert!(again.unwrap().ran && done.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_taken_port_is_followed_by_the_next_until_there_is_none() {
    let fake = Fake {
        taken: vec![8000, 8001],
        ..Fake::default()
    };
    let (started, done) = with(&fake, async |parent| start(parent).await).await;
    assert_eq!(started.unwrap().port, Some(8002));
    let tried = [
        "create at 8000",
        "remove made",
        "create at 8001",
        "remove made",
    ];
    assert_eq!(
        done,
        [&tried[..], &["create at 8002", "start made"]].concat()
    );

    let fake = Fake {
        taken: vec![8000, 8001, 8002],
        ..Fake::default()
    };
    let (started, done) = with(&fake, async |parent| start(parent).await).await;
    assert!(started.unwrap_err().contains("8000 to 8002"));
    assert_eq!(done.last().unwrap(), "remove made");
}

#[tokio::test(start_paused = true)]
async fn whoever_is_second_waits_for_the_first() {
    let fake = Fake::default();
    fake.quicker.borrow_mut().push_back(running("theirs"));
    let (started, done) = with(&fake, async |parent| start(parent).await).await;
    assert!(started.unwrap().ran && done.is_empty());
}

#[tokio::test(start_paused = true)]
async fn leftovers_are_replaced_by_id() {
    for state in ["exited", "dead", "created"] {
        let fake = Fake::default();
        *fake.look.borrow_mut() = Some(Look {
            state: state.to_owned(),
            ..running("old")
        });
        let (started, done) = with(&fake, async |parent| start(parent).await).await;
        assert!(!started.unwrap().ran);
        assert_eq!(
            done,
            ["remove old", "create at 8000", "start made"],
            "{state}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_become_ready_says_why() {
    let states = |states: &[ChromaState]| RefCell::new(states.iter().copied().collect());
    for (fake, expected) in [
        (
            Fake {
                chroma: states(&[Starting, Restarting, Failed]),
                ..Fake::default()
            },
            "does not start",
        ),
        (
            Fake {
                protocol: Some(0),
                ..Fake::default()
            },
            "0.0.9",
        ),
    ] {
        let (started, _) = with(&fake, async |parent| start(parent).await).await;
        let error = started.unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let dying = Fake {
        dies: true,
        ..Fake::default()
    };
    let (started, done) = with(&dying, async |parent| start(parent).await).await;
    assert!(started.unwrap_err().contains("status 7"));
    assert_eq!(
        done,
        ["create at 8000", "start made"],
        "it can be looked at"
    );
    let slow = Fake {
        chroma: states(&[Starting; 5]),
        ..Fake::default()
    };
    assert!(
        with(&slow, async |parent| start(parent).await)
            .await
            .0
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn workers_are_named_before_they_lose_their_network() {
    let fake = Fake {
        look: RefCell::new(Some(running("p"))),
        workers: vec![worker("b", "p"), worker("a", "p"), worker("lost", "gone")],
        ..Fake::default()
    };
    let (refused, done) = with(&fake, async |parent| stop(parent, false).await).await;
    assert!(refused.unwrap_err().ends_with(": a, b") && done.is_empty());
    let (stopped, done) = with(&fake, async |parent| stop(parent, true).await).await;
    assert_eq!(stopped.unwrap().stranded, ["a", "b"]);
    assert_eq!(done, ["stop p", "remove p"]);
    let (stopped, done) = with(&fake, async |parent| stop(parent, false).await).await;
    assert!(!stopped.unwrap().was_there && done.is_empty());
}

#[tokio::test(start_paused = true)]
async fn only_another_image_or_description_restarts_the_container() {
    let restart_of = async |look: Look, workers: Vec<Member>, force| {
        let fake = Fake {
            look: RefCell::new(Some(look)),
            workers,
            ..Fake::default()
        };
        with(&fake, async |parent| restart(parent, force).await).await
    };
    let workers = || vec![worker("a", "p")];
    let (restarted, done) = restart_of(running("p"), workers(), false).await;
    assert_eq!(restarted.unwrap(), Restarted::Services);
    assert_eq!(done, ["restart services"]);

    let other = |key: &str| {
        let mut look = running("p");
        look.labels.insert(key.to_owned(), "other".to_owned());
        look
    };
    // Of the same inputs is the same, whatever its id: two that built it at once made two.
    let twin = Look {
        image: "twin".to_owned(),
        ..running("p")
    };
    let (restarted, _) = restart_of(twin, workers(), false).await;
    assert_eq!(restarted.unwrap(), Restarted::Services);
    for old in [other(label_keys::SPEC), other(label_keys::INPUTS)] {
        let (refused, done) = restart_of(old.clone(), workers(), false).await;
        assert!(refused.is_err() && done.is_empty());
        let (restarted, done) = restart_of(old.clone(), workers(), true).await;
        assert!(matches!(restarted.unwrap(), Restarted::Container(_)));
        assert_eq!(done, ["stop p", "remove p", "create at 8000", "start made"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_somebody_elses_is_not_touched() {
    let mut foreign = running("p");
    foreign
        .labels
        .insert(label_keys::USER.to_owned(), "bob".to_owned());
    let fake = Fake {
        look: RefCell::new(Some(foreign)),
        ..Fake::default()
    };
    let outcomes = [
        with(&fake, async |parent| start(parent).await.map(|_| ())).await,
        with(&fake, async |parent| stop(parent, true).await.map(|_| ())).await,
        with(&fake, async |parent| {
            restart(parent, true).await.map(|_| ())
        })
        .await,
        with(&fake, async |parent| status(parent).await.map(|_| ())).await,
    ];
    for (outcome, done) in outcomes {
        assert!(outcome.unwrap_err().contains("not this user's") && done.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_coordinator_the_labels_tell_of_the_workers() {
    let fake = Fake {
        workers: vec![worker("a", "gone")],
        ..Fake::default()
    };
    let (found, _) = with(&fake, async |parent| status(parent).await).await;
    let (report, workers) = found.unwrap();
    assert!(report.is_none() && workers[0].stranded);
}
