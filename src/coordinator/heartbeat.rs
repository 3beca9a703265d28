//! Does ChromaDB answer?

use crate::plan::parent::CHROMA_PORT;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

const REQUEST: &[u8] =
    b"GET /api/v2/heartbeat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// Ask once. By hand: one line each way needs no HTTP client.
pub(super) async fn answers() -> bool {
    let ask = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, CHROMA_PORT)).await?;
        stream.write_all(REQUEST).await?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        std::io::Result::Ok(answer.ends_with(b" 200"))
    };
    matches!(timeout(PATIENCE, ask).await, Ok(Ok(true)))
}
