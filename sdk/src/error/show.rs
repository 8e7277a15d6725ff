//! `Display` and `Debug` of errors.

use std::error::Error as StdError;
use std::fmt;

use super::{Error, ErrorKind, Inner};
use crate::rt::Invalid;

impl Error {
    fn write_place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.json_path {
            Some(path) => write!(f, " at {path}"),
            None => Ok(()),
        }
    }

    /// Writes the message of the last cause: of the system, of TLS, or of reading the response. It has no text of the
    /// response.
    fn write_cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_cause = matches!(
            self.0.kind,
            ErrorKind::Connect | ErrorKind::Transport | ErrorKind::Decode
        );
        let Some(source) = self.0.source.as_deref().filter(|_| has_cause) else {
            return Ok(());
        };
        if let Some(invalid) = source.downcast_ref::<Invalid>() {
            return write!(f, ": {}", invalid.reason());
        }
        let mut cause: &dyn StdError = source;
        while let Some(next) = cause.source() {
            cause = next;
        }
        write!(f, ": {}", one_line(&cause.to_string()))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(call) = &self.0.call {
            write!(f, "{} {}: ", call.method, call.path)?;
        }
        self.write_fault(f)
    }
}

impl Error {
    /// Writes the error without its operation.
    fn write_fault(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            reason,
            response,
            report,
            may_have_been_sent,
            ..
        } = &*self.0;
        let status = response.as_ref().map(|response| response.status);
        if let Some(status) = status {
            f.write_str(status.as_str())?;
            if let Some(words) = status.canonical_reason() {
                write!(f, " {words}")?;
            }
        }
        if kind.is_status() {
            let mut details = Vec::new();
            if let Some(code) = &report.code {
                details.push(format!("code {}", one_line(code)));
            }
            if let Some(id) = self.request_id() {
                details.push(format!("request id {}", one_line(id)));
            }
            if !details.is_empty() {
                write!(f, " ({})", details.join(", "))?;
            }
            if let Some(message) = &report.message {
                write!(f, ": {}", one_line(message))?;
            }
            if let Some(details) = &report.details {
                write!(f, ": {}", one_line(details))?;
            }
            let scopes = self.scopes();
            if *kind == ErrorKind::Forbidden && !scopes.is_empty() {
                write!(f, "; needs one of the scopes {}", scopes.join(", "))?;
            }
            let come_back = matches!(kind, ErrorKind::RateLimited | ErrorKind::Server);
            if let Some(read) = self.settled_by() {
                write!(f, "; call `{read}` to find out whether it was carried out")?;
            }
            if let Some(wait) = self.retry_after().filter(|_| come_back) {
                write!(f, "; the server asks to wait {} s", wait.as_secs())?;
            }
            if *kind == ErrorKind::Redirect && reason.is_empty() {
                f.write_str(": redirects are not followed")?;
            }
            f.write_str(reason)?;
            return Ok(());
        }
        if status.is_some() {
            f.write_str(": ")?;
        }
        if self.call_succeeded() {
            f.write_str("the call succeeded, but its response ")?;
            f.write_str(match (kind, &**reason) {
                (ErrorKind::Timeout, _) => "did not arrive in time",
                (ErrorKind::Decode, "") => "could not be read",
                (ErrorKind::Output, "") => "could not be written",
                (ErrorKind::Unread, _) => "is not fully as documented",
                (
                    ErrorKind::Decode
                    | ErrorKind::Output
                    | ErrorKind::TooLarge
                    | ErrorKind::TooSlow,
                    reason,
                ) => reason,
                _ => "was cut off",
            })?;
            if let Some(read) = self.0.events {
                write!(f, " after {read} events")?;
            }
            self.write_place(f)?;
            return self.write_cause(f);
        }
        if matches!(kind, ErrorKind::TooLarge | ErrorKind::TooSlow) {
            write!(f, "the response {reason}")?;
            if let Some(read) = self.settled_by() {
                write!(f, "; call `{read}` to find out whether it was carried out")?;
            }
            return Ok(());
        }
        f.write_str(kind.words())?;
        self.write_place(f)?;
        if !reason.is_empty() {
            write!(f, ": {}", one_line(reason))?;
        }
        self.write_cause(f)?;
        if self.0.token.is_some() {
            f.write_str(": ")?;
            self.at_fault().write_fault(f)?;
        }
        let unanswered =
            matches!(kind, ErrorKind::Timeout | ErrorKind::Transport) && status.is_none();
        let undecided = unanswered || *kind == ErrorKind::Mismatch;
        if undecided && *may_have_been_sent {
            f.write_str(" (the request may have been carried out")?;
            if let Some(read) = self.settled_by() {
                write!(f, "; call `{read}` to find out")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &inner.kind);
        if let Some(call) = &inner.call {
            debug.field("operation", &call.name);
        }
        if let Some(response) = &inner.response {
            debug.field("status", &response.status.as_u16());
            debug.field("body_length", &response.body.len());
        }
        if let Some(code) = inner.report.plain_code() {
            debug.field("code", &code);
        }
        if !inner.reason.is_empty() {
            debug.field("reason", &inner.reason);
        }
        if let Some(path) = &inner.json_path {
            debug.field("json_path", path);
        }
        debug.field("may_have_been_sent", &inner.may_have_been_sent);
        debug.field("attempts", &inner.attempts);
        match &inner.source {
            Some(_) if inner.hides_source => {
                debug.field("source", &format_args!("…"));
            }
            Some(source) => {
                debug.field("source", source);
            }
            None => {}
        }
        if let Some(token) = &inner.token {
            debug.field("token_request", token);
        }
        debug.finish()
    }
}

/// Returns text of a server, escaped for a log line.
fn one_line(text: &str) -> String {
    const LONGEST: usize = 500;
    let mut line: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if is_unfit(c) { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

/// Returns whether a character ends a line, changes the direction of text or is invisible. With them a server could
/// forge log lines.
fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
