//! Running a sandbox.

use dintero_sandbox::Sandbox;

use super::arguments::Serve;
use super::{Failure, print};

pub(super) async fn serve(serve: Serve) -> Result<(), Failure> {
    let mut builder = Sandbox::builder()
        .port(serve.port)
        .check_responses(serve.check);
    if let Some(address) = serve.listen {
        builder = builder.listen(address);
    }
    if let Some(origin) = serve.origin {
        builder = builder.origin(origin);
    }
    if let Some(state) = serve.state {
        builder = builder.state_file(state);
    }
    if let Some(clock) = serve.clock {
        builder = builder.clock(clock);
    }
    if let Some(seed) = serve.seed {
        builder = builder.seed(seed);
    }
    let sandbox = match builder.start().await {
        Ok(sandbox) => sandbox,
        Err(error) if error.to_string().contains("can't listen") => {
            let message =
                format!("{error}\nUse another port with --port, or --port 0 for a free one.");
            return Err(Failure::Failed(message));
        }
        Err(error) => return Err(error.into()),
    };
    // Before the text, so that anyone who reads it can end the program.
    let end = end()?;
    print(&welcome(&sandbox))?;
    end.await
}

/// Waits for Ctrl-C, or for the signal by which containers are stopped. They are noticed from now on.
#[cfg(unix)]
fn end() -> Result<impl Future<Output = Result<(), Failure>>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut pressed, mut stop) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    Ok(async move {
        tokio::select! {
            _ = pressed.recv() => {}
            _ = stop.recv() => {}
        }
        Ok(())
    })
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn end() -> Result<impl Future<Output = Result<(), Failure>>, Failure> {
    Ok(async { Ok(tokio::signal::ctrl_c().await?) })
}

fn welcome(sandbox: &Sandbox) -> String {
    let (url, account) = (sandbox.url(), sandbox.account());
    let (id, secret) = (sandbox.client_id(), sandbox.client_secret());
    format!(
        "Dintero sandbox {version}: {url}

  account          {account}
  client id        {id}
  client secret    {secret}
  callback secret  {callback_secret}

Dashboard: {url}/

A first request, for an access token:

  curl -u {id}:{secret} -H 'content-type: application/json' -d '{{\"grant_type\": \"client_credentials\", \"audience\": \"{url}/v1/accounts/{account}\"}}' {url}/v1/accounts/{account}/auth/token

In Rust:

  let client = dintero::Client::builder()
      .account(\"{account}\".parse()?)
      .client_credentials(\"{id}\", \"{secret}\")
      .base_url(\"{url}\")
      .build()?;

Ctrl-C ends it.
",
        version = env!("CARGO_PKG_VERSION"),
        callback_secret = sandbox.callback_secret(),
    )
}
