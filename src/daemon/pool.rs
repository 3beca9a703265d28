//! The warm pool, from the host: a session from it, and what it is told.

use super::{DaemonError, Link};
use crate::engine::{Containers, EngineError};
use crate::ipc::{Answer, CallError, Order, PROTOCOL, Reply, Request, Screen};
use crate::pool::{Summary, Want};
use std::time::Duration;

/// How long a start waits for the pool. The coordinator answers in a few milliseconds, and has
/// answered a moment ago; only on a machine with more starts than processors it takes longer.
const GLANCE: Duration = Duration::from_secs(1);

/// How long a person who asks about the pool waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// A spare that is a session now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The name that it was made as.
    pub spare: String,
    /// What its terminal has to be told.
    pub screen: Screen,
}

/// Take a spare for a session called `name`, or say why there is none. Whatever is wrong with the pool is such a reason, and nothing that it has done
/// remains.
pub async fn claim<E, L>(engine: &E, link: &L, want: &Want, name: &str) -> Result<Claimed, String>
where
    E: Containers,
    L: Link,
{
    let request = Request::Claim { want: want.clone() };
    let (spare, screen) = match link.ask(&request, GLANCE).await {
        Ok(Reply {
            answer: Answer::Spare { spare, screen },
            ..
        }) => (spare, screen),
        Ok(Reply {
            answer: Answer::NoSpare { why },
            ..
        }) => return Err(why),
        Ok(reply) => return Err(strange(reply)),
        Err(error) => return Err(error.to_string()),
    };
    // From here on it is a session: the engine gives it this name, or it is somebody else's.
    let renamed = engine.rename(&spare, name).await;
    renamed.map_err(|error| format!("its spare could not be taken: {error}"))?;
    let took = Request::Took {
        spare: spare.clone(),
    };
    let took = link.ask(&took, GLANCE).await;
    if matches!(&took, Ok(reply) if reply.answer == Answer::Done) {
        return Ok(Claimed { spare, screen });
    }
    // The coordinator is gone, and with it the network that the spare is in.
    let why = "the parent ended while its spare was taken";
    match engine.remove(name, true).await {
        Ok(()) | Err(EngineError::NotFound(_)) => Err(why.to_owned()),
        Err(error) => Err(format!("{why}, and it could not be removed: {error}")),
    }
}

/// Have a spare of this; with `seconds`, wait so long for it to be ready.
pub async fn warm<L: Link>(link: &L, want: Want, seconds: u32) -> Result<Summary, DaemonError> {
    let request = Request::Warm { want, seconds };
    let patience = match seconds {
        0 => GLANCE,
        seconds => PATIENCE + Duration::from_secs(seconds.into()),
    };
    summary(link.ask(&request, patience).await?)
}

/// Tell the pool something, or only ask how it is.
pub async fn pool<L: Link>(link: &L, order: Option<Order>) -> Result<Summary, DaemonError> {
    summary(link.ask(&Request::Pool { order }, PATIENCE).await?)
}

fn summary(reply: Reply) -> Result<Summary, DaemonError> {
    if reply.protocol != PROTOCOL {
        let version = reply.version;
        return Err(DaemonError::Stale { version });
    }
    match reply.answer {
        Answer::Pool(summary) => Ok(*summary),
        // A coordinator that does not know the request is an older one.
        Answer::Error { kind, .. } if kind == "unsupported" => Err(DaemonError::Stale {
            version: reply.version,
        }),
        Answer::Error { message, .. } => Err(DaemonError::Refused(message)),
        _ => Err(CallError::another().into()),
    }
}

fn strange(reply: Reply) -> String {
    match reply.answer {
        Answer::Error { message, .. } => format!("the coordinator: {message}"),
        _ => CallError::another().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::FakeContainers;
    use crate::ipc::CallError;
    use std::cell::RefCell;

    /// Answers in turn.
    struct Says(RefCell<Vec<Result<Answer, CallError>>>);

    impl Link for Says {
        async fn ask(&self, _: &Request, _: Duration) -> Result<Reply, CallError> {
            let answer = self.0.borrow_mut().remove(0)?;
            Ok(Reply {
                protocol: PROTOCOL,
                version: "1".to_owned(),
                answer,
            })
        }
    }

    fn want() -> Want {
        Want {
            project: "/p".to_owned(),
            base: "p".to_owned(),
            key: "k".to_owned(),
            image: "i".to_owned(),
            body: serde_json::Value::Null,
            answers: crate::terminal::Answers::plain(),
        }
    }

    #[tokio::test]
    async fn a_spare_is_taken_by_another_name_or_nothing_is_left_of_it() {
        let spare = || {
            Ok(Answer::Spare {
                spare: "s".to_owned(),
                screen: Screen {
                    alternate: true,
                    text: String::new(),
                },
            })
        };
        let none = Ok(Answer::NoSpare {
            why: "none".to_owned(),
        });
        let busy = || {
            Ok(Answer::Error {
                kind: "busy".to_owned(),
                message: "no".to_owned(),
            })
        };
        for (answers, taken, done) in [
            (vec![none], false, &[][..]),
            (vec![Err(CallError::Late)], false, &[]),
            (vec![busy()], false, &[]),
            (vec![spare(), Ok(Answer::Done)], true, &["rename s mine"]),
            (
                vec![spare(), Err(CallError::Late)],
                false,
                &["rename s mine", "remove mine"],
            ),
            (
                vec![spare(), busy()],
                false,
                &["rename s mine", "remove mine"],
            ),
        ] {
            let engine = FakeContainers::default();
            let says = Says(RefCell::new(answers));
            let claimed = claim(&engine, &says, &want(), "mine").await;
            assert_eq!(claimed.is_ok(), taken, "{claimed:?}");
            assert_eq!(*engine.done.borrow(), done);
        }
    }
}
