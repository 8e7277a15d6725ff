//! The program: an [`Order`] in JSON on standard input, a [`fetch::Report`] in JSON per line of standard output. Exit
//! codes: 0 all documents are there, 1 one could not be fetched, 2 the order is wrong.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use fetch::{Order, Outcome};

fn main() -> ExitCode {
    let mut text = String::new();
    let order = std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| error.to_string())
        .and_then(|_| serde_json::from_str::<Order>(&text).map_err(|error| error.to_string()));
    let order = match order {
        Ok(order) => order,
        Err(why) => {
            eprintln!("usage: an order in JSON on standard input: {why}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let mut is_complete = true;
    let result = match runtime {
        Ok(runtime) => runtime.block_on(fetch::fetch(&order, |report| {
            is_complete &= !matches!(report.outcome, Outcome::Failed { .. });
            let line = serde_json::to_string(&report).unwrap_or_default();
            // A closed pipe: the reader has stopped, which is not an error of a document.
            let _ = writeln!(std::io::stdout(), "{line}");
        })),
        Err(error) => Err(error.to_string()),
    };
    match result {
        Ok(()) if is_complete => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}
