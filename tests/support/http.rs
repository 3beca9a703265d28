//! Just enough HTTP/1.1 to be a server that a real client is content with.

use std::io::{self, BufRead, Read, Write};

/// One request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The next request of a connection; `None` when the client has closed it.
pub(crate) fn read(from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Option<Message>> {
    let first = line(from)?;
    let mut words = first.split_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let mut headers = Vec::new();
    loop {
        let next = line(from)?;
        let Some((name, value)) = next.split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut message = Message {
        method: method.to_owned(),
        path: path.to_owned(),
        headers,
        body: Vec::new(),
    };
    if message
        .header("expect")
        .is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
    {
        // curl holds a large body back until it hears this.
        to.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    message.body = body(from, &message)?;
    Ok(Some(message))
}

fn body(from: &mut impl BufRead, message: &Message) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if message
        .header("transfer-encoding")
        .is_some_and(|value| value.contains("chunked"))
    {
        loop {
            let size = line(from)?;
            let size = usize::from_str_radix(size.split(';').next().unwrap_or("").trim(), 16)
                .map_err(io::Error::other)?;
            let start = body.len();
            body.resize(start + size, 0);
            from.read_exact(&mut body[start..])?;
            line(from)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    let length = message
        .header("content-length")
        .and_then(|value| value.parse().ok())
        .unwrap_or(0);
    from.take(length).read_to_end(&mut body)?;
    Ok(body)
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A whole answer. A HEAD request gets the headers only.
pub(crate) fn write(
    to: &mut impl Write,
    head_only: bool,
    (status, kind): (&str, &str),
    body: &str,
) -> io::Result<()> {
    let length = body.len();
    write!(
        to,
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\
         request-id: req_scripted\r\n\r\n"
    )?;
    if !head_only {
        to.write_all(body.as_bytes())?;
    }
    to.flush()
}
