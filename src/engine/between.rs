//! Answers about a container that is between two states.
//!
//! Podman says `stopped` of one whose program has ended and that is not cleaned up yet, which is no
//! state of docker's API: an answer with it cannot be read. That is over in a moment (measured with
//! 4.3 and 5.4), so it is asked again.

use bollard::errors::Error;
use std::time::Duration;

/// How long Podman may take to clean up after a container, asked as often.
const PAUSE: Duration = Duration::from_millis(50);
const TIMES: usize = 200;

/// Ask until the answer is one.
pub(super) async fn settled<T>(mut ask: impl AsyncFnMut() -> Result<T, Error>) -> Result<T, Error> {
    for _ in 0..TIMES {
        match ask().await {
            Err(error) if is_between(&error) => tokio::time::sleep(PAUSE).await,
            answer => return answer,
        }
    }
    ask().await
}

fn is_between(error: &Error) -> bool {
    let unread = matches!(
        error,
        Error::JsonDataError { .. } | Error::JsonSerdeError { .. }
    );
    unread && error.to_string().contains("unknown variant `stopped`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use bollard::models::ContainerSummary;

    fn answer(state: &str) -> Result<ContainerSummary, Error> {
        let text = format!(r#"{{"State":"{state}"}}"#);
        serde_json::from_str(&text).map_err(Error::from)
    }

    #[tokio::test(start_paused = true)]
    async fn a_container_between_two_states_is_asked_for_again() {
        let mut states = ["stopped", "stopped", "exited"].into_iter();
        let found = settled(async || answer(states.next().unwrap())).await;
        assert_eq!(found.unwrap().state.unwrap().to_string(), "exited");
        // What is wrong otherwise is said at once, and what stays between is said at last.
        let mut states = ["nonsense"].into_iter();
        assert!(
            settled(async || answer(states.next().unwrap()))
                .await
                .is_err()
        );
        let mut asked = 0;
        let never = settled(async || {
            asked += 1;
            answer("stopped")
        });
        assert!(never.await.is_err());
        assert_eq!(asked, TIMES + 1);
    }
}
