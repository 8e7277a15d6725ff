//! Faults as text.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fault, Kind};
use crate::Error;
use crate::plan::Plan;

/// A plan, as its own header has it.
pub(super) fn of_plan(plan: &Plan) -> String {
    match plan {
        Plan::Fails(code) => format!("fails={code}"),
        Plan::Later {
            after: None,
            fails: None,
        } => "later".to_owned(),
        Plan::Later {
            after: Some(after),
            fails: None,
        } => format!("later={}", after.as_secs()),
        Plan::Later {
            fails: Some(code), ..
        } => format!("later-fails={code}"),
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Status(status) => write!(f, "{status}"),
            Kind::ConnectionReset => f.write_str("connection-reset"),
            Kind::NoResponse => f.write_str("no-response"),
            Kind::Garbage => f.write_str("garbage"),
            Kind::Timeout => f.write_str("timeout"),
            Kind::SlowResponse(seconds) => write!(f, "slow-response={seconds}"),
            Kind::SlowBody(seconds) => write!(f, "slow-body={seconds}"),
            Kind::TruncatedBody => f.write_str("truncated-body"),
            Kind::MalformedChunk => f.write_str("malformed-chunk"),
            Kind::MalformedJson => f.write_str("malformed-json"),
            Kind::WrongContentType => f.write_str("wrong-content-type"),
            Kind::Redirect(to) => write!(f, "redirect={to}"),
            Kind::ExpiredToken => f.write_str("expired-token"),
            Kind::Outcome(plan) => f.write_str(&of_plan(plan)),
            Kind::Late(seconds) => write!(f, "late={seconds}"),
            Kind::Twice => f.write_str("twice"),
            Kind::OutOfOrder => f.write_str("out-of-order"),
            Kind::Lost => f.write_str("lost"),
        }?;
        if let Some(seconds) = self.retry_after {
            write!(f, "; retry-after={seconds}")?;
        }
        if self.carried_out {
            f.write_str("; carried-out")?;
        }
        if self.times != 1 {
            write!(f, "; times={}", self.times)?;
        }
        if self.call != 1 {
            write!(f, "; call={}", self.call)?;
        }
        Ok(())
    }
}

impl FromStr for Fault {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |part: &str, why: &str| {
            Error::new(format!("the fault `{text}` can't be read: `{part}` {why}"))
        };
        let mut parts = text.split(';').map(str::trim);
        let first = parts.next().unwrap_or_default();
        let (name, value) = pair(first);
        let seconds = || -> Result<u64, Error> {
            let value =
                value.ok_or_else(|| wrong(first, "needs a number of seconds, as in `late=30`"))?;
            value
                .parse()
                .map_err(|_| wrong(first, "is not a whole number of seconds"))
        };
        let kind = match name {
            "connection-reset" => Kind::ConnectionReset,
            "no-response" => Kind::NoResponse,
            "garbage" => Kind::Garbage,
            "timeout" => Kind::Timeout,
            "slow-response" => Kind::SlowResponse(seconds()?),
            "slow-body" => Kind::SlowBody(seconds()?),
            "truncated-body" => Kind::TruncatedBody,
            "malformed-chunk" => Kind::MalformedChunk,
            "malformed-json" => Kind::MalformedJson,
            "wrong-content-type" => Kind::WrongContentType,
            "redirect" => match value {
                Some(to) => Kind::Redirect(to.to_owned()),
                None => {
                    return Err(wrong(
                        first,
                        "needs a URL, as in `redirect=https://other.example/`",
                    ));
                }
            },
            "expired-token" => Kind::ExpiredToken,
            "fails" | "later" | "later-fails" => match Plan::parse(first) {
                Some(plan) => Kind::Outcome(plan),
                None => return Err(wrong(first, "is not a whole number of seconds")),
            },
            "late" => Kind::Late(seconds()?),
            "twice" => Kind::Twice,
            "out-of-order" => Kind::OutOfOrder,
            "lost" => Kind::Lost,
            status => match status.parse() {
                Ok(status) => Kind::Status(status),
                Err(_) => {
                    return Err(wrong(
                        first,
                        "is not a fault, such as `503` or `connection-reset`",
                    ));
                }
            },
        };
        let mut fault = Self::of(kind);
        for part in parts {
            let (name, value) = pair(part);
            let number = || -> Result<u32, Error> {
                let number = value.and_then(|value| value.parse().ok());
                number.ok_or_else(|| wrong(part, "needs a whole number, as in `times=3`"))
            };
            match name {
                "retry-after" => fault.retry_after = Some(number()?.into()),
                "carried-out" => fault.carried_out = true,
                "times" => fault.times = number()?,
                "call" => fault.call = number()?,
                _ => {
                    return Err(wrong(
                        part,
                        "is not one of `retry-after`, `carried-out`, `times` and `call`",
                    ));
                }
            }
        }
        Ok(fault)
    }
}

fn pair(text: &str) -> (&str, Option<&str>) {
    match text.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (text, None),
    }
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_as_written() {
        for text in [
            "503",
            "429; retry-after=1; times=2; call=3",
            "connection-reset; carried-out",
            "no-response",
            "garbage",
            "timeout",
            "slow-response=3",
            "slow-body=3",
            "truncated-body",
            "malformed-chunk",
            "malformed-json",
            "wrong-content-type",
            "redirect=https://other.example/?a=b",
            "expired-token",
            "fails=CODE",
            "later",
            "later=5",
            "later-fails=CODE",
            "late=30",
            "twice",
            "out-of-order",
            "lost",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
        for (text, part) in [
            ("", "is not a fault"),
            ("slow", "is not a fault"),
            ("late", "needs a number of seconds"),
            ("late=x", "not a whole number"),
            ("503; often", "`often` is not one of"),
            ("503; times=x", "needs a whole number"),
            ("redirect", "needs a URL"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
