//! Arguments and environment variables.

use std::ffi::{OsStr, OsString};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use dintero::Timestamp;
use lexopt::Arg::{Long, Short, Value};
use lexopt::{Parser, ValueExt as _};

use super::Failure;

pub(super) const HELP: &str = "\
A local, stateful sandbox of Dintero's payment APIs, with a checkout page.

Usage: dintero-sandbox [OPTIONS]
       dintero-sandbox COMMAND

Options, and the environment variables that they replace:
  --port PORT       port to listen on; 8700, or 0 for a free one  DINTERO_SANDBOX_PORT
  --listen ADDRESS  address to listen on; 127.0.0.1               DINTERO_SANDBOX_LISTEN
  --origin URL      base address that others use                  DINTERO_SANDBOX_ORIGIN
  --state FILE      keep the state in this file                   DINTERO_SANDBOX_STATE
  --clock TIME      stop the clock, at 2026-01-31T12:00:00Z       DINTERO_SANDBOX_CLOCK
  --seed NUMBER     ids and secrets that are the same each time   DINTERO_SANDBOX_SEED
  --check           check each response against the documents     DINTERO_SANDBOX_CHECK=1
  -h, --help        this text
  -V, --version     the version

Command without a sandbox:
  operations
      Lists the operations of Dintero's documents, and which of them the sandbox knows.

Commands for a sandbox that runs. --url URL is its address; DINTERO_SANDBOX_URL, or http://127.0.0.1:8700:
  trigger EVENT [--callback URL] [--amount AMOUNT]
      Takes a payment to this event, with callbacks to the URL and webhooks to subscriptions:
      authorize, decline, reject, fail, cancel, on-hold, on-hold-approved, on-hold-refused, capture, refund, void,
      capture-failed, refund-failed, void-failed, capture-later, refund-later, capture-fails-later, refund-fails-later
      The amount is in the smallest unit of NOK: 10000 is 100.00.
  pay SESSION [--decline CODE | --outcome OUTCOME] [--type TYPE]
      Pays a session, as a customer would. Outcomes: paid, declined, rejected, on-hold, failed, cancelled
  advance DURATION
      Turns the clock forward: 90 (seconds), 90s, 15m, 2h, 7d
  deliveries
      Lists callbacks and webhooks with their attempts.
  replay DELIVERY
      Sends a callback or webhook again.
  fault FAULT [--operation NAME]
      Adds a fault for the next request: 503, \"429; retry-after=1; times=2\", connection-reset,
      \"no-response; carried-out\", timeout, truncated-body, malformed-json, slow-body=3, expired-token, fails, …
      NAME is that of an operation, such as payments.capture_transaction, or callback or webhook, which can be
      late=30, twice, out-of-order or lost.
  faults [--clear]
      Lists the faults that were not used up, or removes them.

Signatures. Without --account and --secret, those of the sandbox that runs are used:
  sign URL [--method POST] [--time SECONDS] [--account ID] [--secret SECRET]
      Prints the header Dintero-Signature of a callback.
  sign --body FILE --secret SECRET
      Prints the header event-signature of a webhook; - is the standard input.
  verify URL --signature VALUE [--method POST] [--time SECONDS] [--account ID] [--secret SECRET]
  verify --body FILE --signature VALUE --secret SECRET
      Says whether a header is right, or why not. Its value, or the whole header, is the one that was received.
";

const DEFAULT_PORT: u16 = 8700;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Help,
    Version,
    /// Lists operations.
    Operations,
    Serve(Serve),
    Trigger(Trigger),
    Sign(Signed),
    Verify(Signed),
    Remote(Remote, String),
}

/// Settings of a sandbox.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Serve {
    pub(super) port: u16,
    pub(super) listen: Option<IpAddr>,
    pub(super) origin: Option<String>,
    pub(super) state: Option<PathBuf>,
    pub(super) clock: Option<SystemTime>,
    pub(super) seed: Option<u64>,
    pub(super) check: bool,
}

/// A payment that is taken to an event.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Trigger {
    pub(super) event: String,
    pub(super) callback: Option<String>,
    pub(super) amount: i64,
    pub(super) url: String,
}

/// Something with a signature.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Signed {
    /// Of a callback.
    pub(super) target: Option<String>,
    /// Of a webhook.
    pub(super) body: Option<PathBuf>,
    pub(super) method: String,
    pub(super) time: Option<u64>,
    pub(super) account: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) signature: Option<String>,
    pub(super) url: String,
}

/// One request to a sandbox that runs.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Remote {
    Pay {
        session: String,
        outcome: String,
        code: Option<String>,
        payment_type: Option<String>,
    },
    Advance(Duration),
    Deliveries,
    Replay(String),
    Fault {
        fault: String,
        operation: Option<String>,
    },
    Faults,
    ClearFaults,
}

impl From<lexopt::Error> for Usage {
    fn from(error: lexopt::Error) -> Self {
        Self(error.to_string())
    }
}

/// Why arguments can't be read.
struct Usage(String);

impl From<Usage> for Failure {
    fn from(usage: Usage) -> Self {
        Self::Usage(usage.0)
    }
}

type Read<T> = Result<T, Usage>;

/// Reads the arguments after the name of the program. `variable` returns the value of an environment variable.
pub(super) fn read(
    arguments: impl IntoIterator<Item = OsString>,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Command, Failure> {
    // An empty variable is as good as none.
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    Ok(command(Parser::from_args(arguments), &variable)?)
}

type Variables<'v> = &'v dyn Fn(&str) -> Option<OsString>;

fn command(mut parser: Parser, variable: Variables<'_>) -> Read<Command> {
    let mut serve = Serve::of_variables(variable)?;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Command::Help),
            Short('V') | Long("version") => return Ok(Command::Version),
            Value(name) => {
                let name = name.string()?;
                if name == "operations" {
                    return match parser.next()? {
                        Some(argument) => Err(argument.unexpected().into()),
                        None => Ok(Command::Operations),
                    };
                }
                return Commanded::of(&name, parser, variable)?.command(&name);
            }
            Long(name @ ("port" | "listen" | "origin" | "state" | "clock" | "seed")) => {
                let name = name.to_owned();
                let value = parser.value()?;
                serve.set(&name, &value, &format!("--{name}"))?;
            }
            Long("check") => serve.check = true,
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Command::Serve(serve))
}

fn text(value: &OsStr, source: &str) -> Read<String> {
    let text = value.to_str().map(str::to_owned);
    text.ok_or_else(|| Usage(format!("{source} is not text in UTF-8")))
}

fn number<T: std::str::FromStr>(text: &str, source: &str, kind: &str) -> Read<T> {
    text.parse()
        .map_err(|_| Usage(format!("{source}: `{text}` is not {kind}")))
}

impl Serve {
    fn of_variables(variable: Variables<'_>) -> Read<Self> {
        let mut serve = Self {
            port: DEFAULT_PORT,
            ..Self::default()
        };
        for name in ["port", "listen", "origin", "state", "clock", "seed"] {
            let source = format!("DINTERO_SANDBOX_{}", name.to_uppercase());
            if let Some(value) = variable(&source) {
                serve.set(name, &value, &source)?;
            }
        }
        let check = variable("DINTERO_SANDBOX_CHECK");
        serve.check = check.is_some_and(|value| value != "0" && value != "false");
        Ok(serve)
    }

    fn set(&mut self, name: &str, value: &OsStr, source: &str) -> Read<()> {
        if name == "state" {
            self.state = Some(value.into());
            return Ok(());
        }
        let value = text(value, source)?;
        match name {
            "port" => self.port = number(&value, source, "a port from 0 to 65535")?,
            "listen" => {
                self.listen = Some(number(&value, source, "an IP address, such as 0.0.0.0")?)
            }
            "seed" => self.seed = Some(number(&value, source, "a whole number")?),
            "origin" => {
                if !value.starts_with("http://") && !value.starts_with("https://") {
                    let message =
                        format!("{source}: `{value}` is not a URL, such as http://sandbox:8700");
                    return Err(Usage(message));
                }
                self.origin = Some(value);
            }
            _ => {
                let time = Timestamp::parse(&value).ok();
                let time = time.and_then(|time| SystemTime::try_from(&time).ok());
                let time = time.filter(|time| *time >= SystemTime::UNIX_EPOCH);
                self.clock = Some(time.ok_or_else(|| {
                    Usage(format!(
                        "{source}: `{value}` is not a time since 1970, such as 2026-01-31T12:00:00Z"
                    ))
                })?);
            }
        }
        Ok(())
    }
}

/// The options of a command, whichever it is.
#[derive(Default)]
struct Commanded {
    values: Vec<String>,
    options: Vec<(String, String)>,
    url: String,
}

impl Commanded {
    fn of(name: &str, mut parser: Parser, variable: Variables<'_>) -> Read<Self> {
        let (options, flags): (&[&str], &[&str]) = match name {
            "trigger" => (&["callback", "amount"], &[]),
            "pay" => (&["decline", "outcome", "type"], &[]),
            "fault" => (&["operation"], &[]),
            "faults" => (&[], &["clear"]),
            "advance" | "deliveries" | "replay" => (&[], &[]),
            "sign" => (&["body", "method", "time", "account", "secret"], &[]),
            "verify" => (
                &["body", "method", "time", "account", "secret", "signature"],
                &[],
            ),
            "help" => return Ok(Self::default()),
            _ => return Err(Usage(format!("there is no command `{name}`"))),
        };
        let mut read = Self {
            url: match variable("DINTERO_SANDBOX_URL") {
                Some(url) => text(&url, "DINTERO_SANDBOX_URL")?,
                None => format!("http://127.0.0.1:{DEFAULT_PORT}"),
            },
            ..Self::default()
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Value(value) => read.values.push(value.string()?),
                Long("url") => read.url = parser.value()?.string()?,
                // `dintero-sandbox pay --help`
                Short('h') | Long("help") => read.options.push(("help".to_owned(), String::new())),
                Long(option) if flags.contains(&option) => {
                    read.options.push((option.to_owned(), String::new()));
                }
                Long(option) if options.contains(&option) => {
                    let option = option.to_owned();
                    let value = parser.value()?.string()?;
                    read.options.push((option, value));
                }
                other => return Err(other.unexpected().into()),
            }
        }
        read.url = read.url.trim_end_matches('/').to_owned();
        Ok(read)
    }

    fn option(&self, name: &str) -> Option<String> {
        let last = self.options.iter().rfind(|(known, _)| known == name);
        last.map(|(_, value)| value.clone())
    }

    /// The value of a command that has one.
    fn one(&mut self, command: &str, what: &str) -> Read<String> {
        match (self.values.pop(), self.values.is_empty()) {
            (Some(value), true) => Ok(value),
            _ => Err(Usage(format!("`{command}` needs one {what}"))),
        }
    }

    fn none(&self, command: &str) -> Read<()> {
        match self.values.first() {
            None => Ok(()),
            Some(value) => Err(Usage(format!("`{command}` has no use for `{value}`"))),
        }
    }

    fn command(mut self, name: &str) -> Read<Command> {
        if name == "help" || self.option("help").is_some() {
            return Ok(Command::Help);
        }
        let remote = match name {
            "trigger" => {
                return Ok(Command::Trigger(Trigger {
                    event: self.one(name, "event, such as `capture-failed`")?,
                    callback: self.option("callback"),
                    amount: match self.option("amount") {
                        Some(amount) => number(&amount, "--amount", "a whole number")?,
                        None => 10_000,
                    },
                    url: self.url,
                }));
            }
            "sign" => return Ok(Command::Sign(self.signed(name)?)),
            "verify" => return Ok(Command::Verify(self.signed(name)?)),
            "pay" => Remote::Pay {
                session: self.one(name, "id of a session")?,
                outcome: match (self.option("outcome"), self.option("decline")) {
                    (Some(_), Some(_)) => {
                        return Err(Usage("use `--outcome` or `--decline`, not both".to_owned()));
                    }
                    (Some(outcome), None) => outcome,
                    (None, Some(_)) => "declined".to_owned(),
                    (None, None) => "paid".to_owned(),
                },
                code: self.option("decline"),
                payment_type: self.option("type"),
            },
            "advance" => Remote::Advance(duration(&self.one(name, "duration, such as `15m`")?)?),
            "replay" => Remote::Replay(self.one(name, "id of a delivery")?),
            "fault" => Remote::Fault {
                fault: self.one(name, "fault, such as `503`")?,
                operation: self.option("operation"),
            },
            "deliveries" => {
                self.none(name)?;
                Remote::Deliveries
            }
            _ => {
                self.none(name)?;
                match self.option("clear") {
                    Some(_) => Remote::ClearFaults,
                    None => Remote::Faults,
                }
            }
        };
        Ok(Command::Remote(remote, self.url))
    }

    fn signed(&mut self, name: &str) -> Read<Signed> {
        let body = self.option("body").map(PathBuf::from);
        let target = match body {
            Some(_) => {
                self.none(name)?;
                None
            }
            None => Some(self.one(name, "URL of a callback, or `--body` of a webhook")?),
        };
        let signed = Signed {
            target,
            body,
            method: self.option("method").unwrap_or_else(|| "GET".to_owned()),
            time: match self.option("time") {
                Some(time) => Some(number(&time, "--time", "a number of seconds since 1970")?),
                None => None,
            },
            account: self.option("account"),
            secret: self.option("secret"),
            signature: self.option("signature"),
            url: std::mem::take(&mut self.url),
        };
        if signed.body.is_some() && signed.secret.is_none() {
            let message = "a webhook is signed with the secret of its subscription: add `--secret`";
            return Err(Usage(message.to_owned()));
        }
        if name == "verify" && signed.signature.is_none() {
            return Err(Usage(
                "add `--signature`, the header that was received".to_owned(),
            ));
        }
        Ok(signed)
    }
}

/// Reads `90`, `90s`, `15m`, `2h` or `7d`.
fn duration(text: &str) -> Read<Duration> {
    let unit = text.chars().last().filter(char::is_ascii_alphabetic);
    let seconds = match unit {
        None | Some('s') => Some(1),
        Some('m') => Some(60),
        Some('h') => Some(60 * 60),
        Some('d') => Some(24 * 60 * 60),
        Some(_) => None,
    };
    let count = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let has_one_unit = text.len() - count.len() <= 1;
    let count = count.parse::<u64>().ok().filter(|_| has_one_unit);
    let total = count
        .zip(seconds)
        .and_then(|(count, seconds)| count.checked_mul(seconds));
    total.map(Duration::from_secs).ok_or_else(|| {
        Usage(format!(
            "`{text}` is not a duration, such as 90, 90s, 15m, 2h or 7d"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str, variables: &[(&str, &str)]) -> Result<Command, String> {
        let arguments = line.split_whitespace().map(OsString::from);
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        };
        read(arguments, variable).map_err(|failure| failure.to_string())
    }

    #[test]
    fn options_replace_variables() {
        let variables = [
            ("DINTERO_SANDBOX_PORT", "1"),
            ("DINTERO_SANDBOX_SEED", "2"),
            ("DINTERO_SANDBOX_STATE", ""),
            ("DINTERO_SANDBOX_CHECK", "1"),
        ];
        let expected = Serve {
            port: 3,
            seed: Some(2),
            clock: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(60)),
            check: true,
            ..Serve::default()
        };
        let command = parsed("--port 3 --clock=1970-01-01T00:01:00Z", &variables);
        assert_eq!(command, Ok(Command::Serve(expected)));
        let Ok(Command::Serve(serve)) = parsed("", &[]) else {
            panic!()
        };
        assert_eq!((serve.port, serve.check), (8700, false));
    }

    #[test]
    fn durations() {
        for (text, seconds) in [
            ("90", 90),
            ("5s", 5),
            ("15m", 900),
            ("2h", 7200),
            ("7d", 604_800),
        ] {
            let advance = Remote::Advance(Duration::from_secs(seconds));
            let url = "http://127.0.0.1:8700".to_owned();
            let command = parsed(&format!("advance {text}"), &[]);
            assert_eq!(command, Ok(Command::Remote(advance, url)));
        }
    }

    #[test]
    fn errors_say_where_and_what() {
        for (line, part) in [
            ("--port x", "--port: `x` is not a port"),
            ("--clock soon", "--clock: `soon` is not a time"),
            (
                "--clock 1969-12-31T23:59:59Z",
                "--clock: `1969-12-31T23:59:59Z` is not a time",
            ),
            ("--listen here", "--listen: `here` is not an IP address"),
            ("--origin here", "--origin: `here` is not a URL"),
            ("--colour", "--colour"),
            ("dance", "there is no command `dance`"),
            ("pay", "`pay` needs one id of a session"),
            ("pay a b", "`pay` needs one id of a session"),
            ("pay a --outcome paid --decline X", "not both"),
            ("pay a --colour", "--colour"),
            ("advance 5x", "`5x` is not a duration"),
            ("advance 5ms", "`5ms` is not a duration"),
            ("advance 99999999999999999d", "is not a duration"),
            ("faults now", "`faults` has no use for `now`"),
            ("sign --body -", "add `--secret`"),
            ("verify https://a/", "add `--signature`"),
            ("trigger capture --amount x", "--amount: `x`"),
        ] {
            let error = parsed(line, &[]).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
        let error = parsed("", &[("DINTERO_SANDBOX_SEED", "x")]).unwrap_err();
        assert!(
            error.contains("DINTERO_SANDBOX_SEED: `x` is not a whole number"),
            "{error}"
        );
    }
}
