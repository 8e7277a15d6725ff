//! The client of the examples: Dintero's, or that of a mock in the same program.

use std::error::Error;

use dintero::mock::Mock;
use dintero::{Client, ClientBuilder};

/// Returns whether to call Dintero. Tests never do.
fn is_live() -> bool {
    !cfg!(test) && std::env::var_os("DINTERO_ACCOUNT_ID").is_some()
}

/// Returns a client of Dintero if `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` are set. They
/// must be those of a test account: nothing is sent for another account.
///
/// Otherwise returns a client of the mock with these rules. [`Mock::verify`] at the end checks that the example has
/// used all of them; an unused mock has no rules.
pub(crate) fn client(rules: impl FnOnce(&Mock)) -> Result<(Client, Mock), Box<dyn Error>> {
    let mock = Mock::new();
    if is_live() {
        println!("Calling Dintero with the DINTERO_* variables.");
        return Ok((ClientBuilder::from_env()?.sandbox_only().build()?, mock));
    }
    println!("DINTERO_ACCOUNT_ID is not set, so a mock in this program responds.");
    rules(&mock);
    Ok((mock.client(), mock))
}

/// Returns the id of an object that must exist at Dintero before the example runs: the value of the variable or, with
/// the mock, `made_up`.
#[allow(dead_code, reason = "some examples need no existing objects")]
pub(crate) fn given(variable: &str, made_up: &str) -> Result<String, Box<dyn Error>> {
    if !is_live() {
        return Ok(made_up.to_owned());
    }
    let missing = |_| {
        format!("{variable} is not set: this example needs it in addition to the credentials")
            .into()
    };
    std::env::var(variable).map_err(missing)
}
