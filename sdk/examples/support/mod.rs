//! Whom the examples ask: Dintero, or a stand-in in the same program.

use std::error::Error;

use dintero::mock::Mock;
use dintero::{Client, ClientBuilder};

/// Whether Dintero is asked. Tests never do.
fn is_live() -> bool {
    !cfg!(test) && std::env::var_os("DINTERO_ACCOUNT_ID").is_some()
}

/// A client of Dintero if `DINTERO_ACCOUNT_ID`, `DINTERO_CLIENT_ID` and `DINTERO_CLIENT_SECRET` are set. They have to be
/// those of a test account: nothing is sent for another.
///
/// Without them it is a client of the mock, which follows these rules. [`Mock::verify`] at the end makes sure that the
/// example has shown everything; a mock that was not asked has no rules.
pub(crate) fn client(rules: impl FnOnce(&Mock)) -> Result<(Client, Mock), Box<dyn Error>> {
    let mock = Mock::new();
    if is_live() {
        println!("Asking Dintero, as the DINTERO_* variables say.");
        return Ok((ClientBuilder::from_env()?.sandbox_only().build()?, mock));
    }
    println!("No DINTERO_ACCOUNT_ID, so a stand-in in this program answers.");
    rules(&mock);
    Ok((mock.client(), mock))
}

/// Something that there must be at Dintero before the example runs: what the variable says or, with the mock, what was made
/// up.
#[allow(dead_code, reason = "some examples need nothing that is there before")]
pub(crate) fn given(variable: &str, made_up: &str) -> Result<String, Box<dyn Error>> {
    if !is_live() {
        return Ok(made_up.to_owned());
    }
    let missing =
        |_| format!("{variable} is not set: this example needs it beside the credentials").into();
    std::env::var(variable).map_err(missing)
}
