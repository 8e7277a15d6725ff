//! Many calls at once: CPU time, throughput, and how often threads wait for each other.

use std::process::Command;

use super::{Programs, Server, at_least, at_most};
use crate::failure::{Failure, Outcome};
use crate::measure::median;
use crate::{process, workspace};

const TASKS: u32 = 256;
/// Of one run.
const CALLS: u32 = 200 * TASKS;
/// Runs of each program, which take turns: what else the machine does meets all of them.
const RUNS: usize = 9;

/// CPU time and futex calls, and throughput, of the same by hand.
const GOALS: [f64; 3] = [1.15, 0.90, 1.30];

/// The tracer that counts the system calls by which threads wait for each other.
#[derive(Clone, Copy)]
enum Counter {
    Perf,
    Strace,
}

/// The result of a run.
struct Run {
    microseconds: f64,
    per_second: f64,
    futexes: Option<f64>,
}

pub(super) fn report(programs: &Programs) -> Outcome<String> {
    eprintln!("measuring {TASKS} calls at once");
    let counter = [Counter::Perf, Counter::Strace]
        .into_iter()
        .find(|counter| counter.works());
    let server = Server::start(programs)?;
    let ways = [("ours", "fixed"), ("ours", "fetched"), ("bare", "fixed")];
    let mut runs: [Vec<Run>; 3] = Default::default();
    for _ in 0..RUNS {
        for (runs, (name, token)) in runs.iter_mut().zip(ways) {
            runs.push(run(programs, &server, name, token, counter)?);
        }
    }
    let mut text = format!(
        "Calls of `get_transaction` by {TASKS} tasks on 2 threads, each as fast as responses come; the server runs on the \
         same machine. Medians of {RUNS} runs of {CALLS} calls each, which take turns. A fetched token is one that the client \
         keeps, as in production; a fixed one is part of its settings. Threads wait for each other only while both run: on a busy \
         machine there are few futex calls to compare.\n\n\
         | | `dintero` | `dintero`, fetched token | `reqwest` and `serde` | ratios | goal |\n|---|---|---|---|---|---|\n"
    );
    let mut row = |what: &str,
                   of: &dyn Fn(&Run) -> f64,
                   digits: usize,
                   goal: &dyn Fn(f64) -> String| {
        let [ours, fetched, bare] = [0, 1, 2].map(|way| median(runs[way].iter().map(of).collect()));
        let ratios = [ours / bare, fetched / bare];
        text += &format!(
            "| {what} | {ours:.digits$} | {fetched:.digits$} | {bare:.digits$} | {:.2}, {:.2} | {} |\n",
            ratios[0],
            ratios[1],
            goal(ratios[0]),
        );
    };
    row("CPU µs per call", &|run| run.microseconds, 1, &|ratio| {
        at_most(ratio, GOALS[0])
    });
    row("calls per second", &|run| run.per_second, 0, &|ratio| {
        at_least(ratio, GOALS[1])
    });
    if counter.is_some() {
        let futexes = |run: &Run| run.futexes.unwrap_or(f64::NAN);
        row("futex calls per call", &futexes, 2, &|ratio| {
            at_most(ratio, GOALS[2])
        });
    } else {
        text += "\nFutex calls were not counted: neither perf nor strace can do it here.\n";
    }
    Ok(text)
}

fn run(
    programs: &Programs,
    server: &Server,
    name: &str,
    token: &str,
    counter: Option<Counter>,
) -> Outcome<Run> {
    let log = programs.path("../futexes.log");
    let mut command = match counter {
        Some(counter) => {
            let mut command = counter.command(&log.display().to_string());
            command.arg(programs.path(name));
            command
        }
        None => Command::new(programs.path(name)),
    };
    command.arg(&server.url).arg(CALLS.to_string());
    command.arg(TASKS.to_string()).arg(token);
    let said = process::output(&mut command)?;
    let numbers: Vec<f64> = said.split_whitespace().flat_map(str::parse).collect();
    let [calls, seconds, cpu, all] = numbers[..] else {
        return Err(Failure::Mistake(format!("error: {name} said {said:?}")));
    };
    let futexes = match counter {
        Some(counter) => {
            let log = workspace::read(&log)?;
            let failed = || Failure::Mistake(format!("error: no futex calls in {log:?}"));
            Some(counter.read(&log).ok_or_else(failed)? / all)
        }
        None => None,
    };
    Ok(Run {
        microseconds: cpu / calls * 1e6,
        per_second: calls / seconds,
        futexes,
    })
}

impl Counter {
    fn works(self) -> bool {
        let mut command = self.command("/dev/null");
        command
            .arg("true")
            .output()
            .is_ok_and(|output| output.status.success())
    }

    fn command(self, log: &str) -> Command {
        let (program, arguments): (_, &[&str]) = match self {
            Self::Perf => (
                "perf",
                &["stat", "-x", ",", "-e", "syscalls:sys_enter_futex", "-o"],
            ),
            Self::Strace => ("strace", &["-f", "-c", "-e", "trace=futex", "-o"]),
        };
        let mut command = Command::new(program);
        command.args(arguments).arg(log);
        command
    }

    /// The number of calls in what the program wrote.
    fn read(self, log: &str) -> Option<f64> {
        match self {
            Self::Perf => {
                let line = log.lines().find(|line| line.contains("sys_enter_futex"))?;
                line.split(',').next()?.parse().ok()
            }
            // `100.00 0.1 11 9301 2056 futex`; the fifth column may be missing.
            Self::Strace => {
                let line = log.lines().find(|line| line.ends_with(" futex"))?;
                line.split_whitespace().nth(3)?.parse().ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counter;

    #[test]
    fn calls_are_found_in_what_counters_write() {
        let log = "# started on Sat\n\n9301,,syscalls:sys_enter_futex,1000,100.00,,\n";
        assert_eq!(Counter::Perf.read(log), Some(9301.0));
        assert_eq!(
            Counter::Perf.read("<not supported>,,syscalls:sys_enter_futex"),
            None
        );
        let log = "% time     seconds  usecs/call     calls    errors syscall\n100.00    0.1     11      9301      2056 futex\n";
        assert_eq!(Counter::Strace.read(log), Some(9301.0));
    }
}
