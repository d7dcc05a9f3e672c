//! The trace a request is part of: `traceparent`, else `X-Cloud-Trace-Context`.

use http::HeaderMap;

/// A place in a distributed trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// 32 hexadecimal digits.
    pub trace_id: String,
    /// 16 hexadecimal digits, where the caller said which span it is.
    pub span_id: Option<String>,
    /// Whether somebody collects it.
    pub sampled: bool,
}

impl Trace {
    /// Reads the headers of a request. What does not have the right form is no trace.
    #[must_use]
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        value("traceparent")
            .and_then(w3c)
            .or_else(|| value("x-cloud-trace-context").and_then(cloud))
    }

    /// Reads a `traceparent`. What does not have the right form is no trace.
    #[must_use]
    pub fn parse(traceparent: &str) -> Option<Self> {
        w3c(traceparent)
    }

    /// As `traceparent`; `None` where the caller did not say which span it is.
    #[must_use]
    pub fn traceparent(&self) -> Option<String> {
        let span = self.span_id.as_ref()?;
        Some(format!("00-{}-{span}-{:02x}", self.trace_id, u8::from(self.sampled)))
    }
}

/// `00-{trace id}-{span id}-{flags}`
fn w3c(value: &str) -> Option<Trace> {
    let mut parts = value.split('-');
    let (version, trace, span, flags) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if !hex(version, 2) || version == "ff" || (version == "00" && parts.next().is_some()) {
        return None;
    }
    let good = id(trace, 32) && id(span, 16) && hex(flags, 2);
    let flags = u8::from_str_radix(flags, 16).ok()?;
    good.then(|| Trace {
        trace_id: trace.to_owned(),
        span_id: Some(span.to_owned()),
        sampled: flags & 1 == 1,
    })
}

/// `{trace id}[/{span id, decimal}][;o={0 or 1}]`
fn cloud(value: &str) -> Option<Trace> {
    let (context, options) = value.split_once(';').unwrap_or((value, ""));
    let (trace, span) = context.split_once('/').unwrap_or((context, ""));
    let span = span.parse::<u64>().ok().filter(|span| *span != 0);
    id(&trace.to_ascii_lowercase(), 32).then(|| Trace {
        trace_id: trace.to_ascii_lowercase(),
        span_id: span.map(|span| format!("{span:016x}")),
        sampled: options == "o=1",
    })
}

/// Lowercase hexadecimal digits, not all zero.
fn id(text: &str, length: usize) -> bool {
    hex(text, length) && text.bytes().any(|byte| byte != b'0')
}

fn hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
