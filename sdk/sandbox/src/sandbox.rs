//! Starting a sandbox, and using it from a program.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dintero::{AccountId, Client};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Error;
use crate::accounts::{Account, ApiClient, First};
use crate::delivery::{Delivery, replay};
use crate::faults::{Connection, Faults, Listener};
use crate::operations::{sellers, settlements};
use crate::pay::{self, Choice, Done};
use crate::plan::{self, Plan};
use crate::request::Problem;
use crate::server::{self, Inner};
use crate::settings::Settings;
use crate::state::State;
use crate::store::{File, Journal, Store};

/// Settings of a sandbox. Builder: call [`start`](Self::start).
#[derive(Clone, Debug, Default)]
#[must_use = "call `.start()`"]
pub struct Builder {
    settings: Settings,
    listen: Option<IpAddr>,
    origin: Option<String>,
    port: u16,
    state_file: Option<PathBuf>,
}

impl Builder {
    /// Sets the port. Default: 0, a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the address to listen on. Default: 127.0.0.1, which other machines can't reach. In a container, listen on
    /// 0.0.0.0: the sandbox is for one machine, and does not protect what it has.
    pub fn listen(mut self, address: IpAddr) -> Self {
        self.listen = Some(address);
        self
    }

    /// Sets the base address that others use, such as `http://sandbox:8700` in a network of containers; it is part of
    /// the URLs in responses. Default: the address that the sandbox listens on, or `localhost` if that is every one.
    pub fn origin(mut self, url: impl Into<String>) -> Self {
        self.origin = Some(url.into());
        self
    }

    /// Keeps the state in this file, which is created if it does not exist. Default: in memory only.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// Determines ids, secrets and everything else that is random. The same requests in the same order then have the
    /// same responses. A state file that exists keeps its own.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Stops the clock at this time: it only moves by [`Sandbox::advance`]. Default: the time of the machine.
    pub fn clock(mut self, time: SystemTime) -> Self {
        self.settings.clock = Some(time);
        self
    }

    /// Checks each response against Dintero's documents, and replaces an invalid one by an error with status 500.
    /// Default: `false`, because it takes time.
    pub fn check_responses(mut self, check: bool) -> Self {
        self.settings.checks_responses = check;
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    /// The port is in use, or the state file can't be read.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let (journal, store) = match &self.state_file {
            Some(path) => {
                let (file, store) = File::open(path).await?;
                (Some(Journal::start(file)?), store)
            }
            None => (None, Store::default()),
        };
        let address =
            SocketAddr::from((self.listen.unwrap_or(Ipv4Addr::LOCALHOST.into()), self.port));
        let refused = |error| Error::new(format!("can't listen on {address}: {error}"));
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let mut settings = self.settings;
        settings.origin = match self.origin {
            Some(origin) => origin.trim_end_matches('/').to_owned(),
            None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
            None => format!("http://{address}"),
        };
        // Redirects count as errors of the merchant.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| Error::new(format!("no HTTP client: {error}")))?;
        let state = State::new(store, Arc::new(settings));
        let inner = Arc::new(Inner::new(state, journal, http));
        let _ = inner.address.set(address);
        // Account and secrets are in the state file before the caller gets them.
        (inner.change(|_| ()).await).map_err(|problem| Error::new(problem.message))?;
        let router = server::router(&inner);
        let (open, listening) = watch::channel(());
        let serving = tokio::spawn(async move {
            // It returns only when the listener fails.
            let router = router.into_make_service_with_connect_info::<Connection>();
            let _ = axum::serve(Listener::new(listener, listening), router).await;
        });
        let working = tokio::spawn(Arc::clone(&inner).work());
        Ok(Sandbox {
            inner,
            address,
            tasks: [serving, working],
            _open: open,
        })
    }
}

/// A running sandbox. It ends when this is dropped.
pub struct Sandbox {
    pub(crate) inner: Arc<Inner>,
    address: SocketAddr,
    tasks: [JoinHandle<()>; 2],
    /// Connections end when this is dropped.
    _open: watch::Sender<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl Sandbox {
    /// Starts a sandbox with default settings: a free port, in memory, random ids, the time of the machine.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Returns a builder of a sandbox.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns the base address: `http://127.0.0.1:8700`.
    #[must_use]
    pub fn url(&self) -> String {
        self.inner.settings.origin.clone()
    }

    /// Returns the account that every sandbox has.
    #[must_use]
    pub fn account(&self) -> String {
        self.first().account
    }

    /// Returns the id of the account's client.
    #[must_use]
    pub fn client_id(&self) -> String {
        self.first().client_id
    }

    /// Returns the secret of the account's client.
    #[must_use]
    pub fn client_secret(&self) -> String {
        self.secret_of(&self.client_id())
    }

    /// Returns the account of the partner that every sandbox has: `T18400000`. Merchants' accounts are created below it.
    #[must_use]
    pub fn partner(&self) -> String {
        self.first().partner
    }

    /// Returns the id of the partner's client.
    #[must_use]
    pub fn partner_client_id(&self) -> String {
        self.first().partner_client_id
    }

    /// Returns the secret of the partner's client.
    #[must_use]
    pub fn partner_client_secret(&self) -> String {
        self.secret_of(&self.partner_client_id())
    }

    fn secret_of(&self, client_id: &str) -> String {
        let client = self
            .inner
            .read(|state| state.store.get::<ApiClient>(client_id));
        client.map(|client| client.secret).unwrap_or_default()
    }

    /// Returns the key of `Dintero-Signature`, for [`CallbackVerifier`](dintero::webhook::CallbackVerifier).
    #[must_use]
    pub fn callback_secret(&self) -> String {
        let account = self.account();
        let account = self
            .inner
            .read(|state| state.store.get::<Account>(&account));
        let secret = account.and_then(|account| account.callback_secret);
        secret.map(|secret| secret.secret).unwrap_or_default()
    }

    /// Returns a client of this sandbox.
    ///
    /// # Errors
    /// Those of [`ClientBuilder::build`](dintero::ClientBuilder::build).
    pub fn client(&self) -> Result<Client, dintero::Error> {
        self.client_builder().build()
    }

    /// Returns a builder of a client of this sandbox, for other settings.
    pub fn client_builder(&self) -> dintero::ClientBuilder {
        self.builder_for(&self.account(), self.client_id(), self.client_secret())
    }

    /// Returns a builder of a client of this sandbox that acts for the partner, and with
    /// [`for_merchant`](Client::for_merchant) for its merchants.
    pub fn partner_client_builder(&self) -> dintero::ClientBuilder {
        let (id, secret) = (self.partner_client_id(), self.partner_client_secret());
        self.builder_for(&self.partner(), id, secret)
    }

    fn builder_for(&self, account: &str, id: String, secret: String) -> dintero::ClientBuilder {
        let builder = Client::builder().base_url(self.url());
        let builder = builder.client_credentials(id, secret);
        match account.parse::<AccountId>() {
            Ok(account) => builder.account(account),
            Err(_) => builder,
        }
    }

    /// Turns the clock forward. Work that is due then is done.
    ///
    /// # Errors
    /// It would be after the year 9999, or the state file can't be written.
    pub async fn advance(&self, time: Duration) -> Result<(), Error> {
        self.change(|state| state.advance(time)).await
    }

    /// Pays a session with the first payment type that it offers, as a customer in the browser would.
    ///
    /// # Errors
    /// The session is unknown, expired, cancelled or paid, or offers no payment type.
    pub async fn pay(&self, session: impl AsRef<str>) -> Result<Done, Error> {
        let session = session.as_ref();
        self.change(|state| pay::pay(state, session, None, Choice::Paid))
            .await
    }

    /// Makes a choice on the checkout page of a session, with one of its [`payment_types`](Self::payment_types). Returns
    /// where the browser goes; the callback follows by itself.
    ///
    /// # Errors
    /// The session is unknown, expired, cancelled or paid, or does not offer the payment type.
    pub async fn choose(
        &self,
        session: impl AsRef<str>,
        payment_type: &str,
        choice: Choice,
    ) -> Result<Done, Error> {
        let session = session.as_ref();
        self.change(|state| pay::pay(state, session, Some(payment_type), choice))
            .await
    }

    /// Returns the payment types that a session offers, such as `payex.creditcard`.
    #[must_use]
    pub fn payment_types(&self, session: &str) -> Vec<String> {
        self.inner.read(|state| pay::payment_types(state, session))
    }

    /// Ends the review of a transaction that is `ON_HOLD`.
    ///
    /// # Errors
    /// The transaction is unknown or not on hold.
    pub async fn review(&self, transaction: impl AsRef<str>, approve: bool) -> Result<(), Error> {
        let transaction = transaction.as_ref();
        self.change(|state| pay::review(state, transaction, approve))
            .await
    }

    /// Signs the contract of a seller's application, as the page of its `contract_url` does.
    ///
    /// # Errors
    /// The application is unknown, or does not wait for a signature.
    pub async fn sign(&self, application: impl AsRef<str>) -> Result<(), Error> {
        let application = application.as_ref();
        self.change(|state| sellers::sign(state, application)).await
    }

    /// Plans the outcome of the next request that leads to an event: `CAPTURE`, `REFUND`, `VOID`, or `AUTHORIZE` for a
    /// payment with a saved card.
    ///
    /// # Errors
    /// The state file can't be written.
    pub async fn plan(&self, event: &str, plan: Plan) -> Result<(), Error> {
        let planned = |state: &mut State| {
            plan::add(state, event, plan);
            Ok(())
        };
        self.change(planned).await
    }

    /// Returns the faults of this sandbox, to add some.
    ///
    /// ```
    /// # use dintero_sandbox::{Fault, Sandbox};
    /// # async fn run() -> Result<(), dintero_sandbox::Error> {
    /// let sandbox = Sandbox::start().await?;
    /// // The next capture takes the money, but its response is lost.
    /// let lost = Fault::connection_reset().carried_out();
    /// sandbox.faults().next("payments.capture_transaction", lost).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn faults(&self) -> Faults<'_> {
        Faults::new(self)
    }

    async fn change<T>(
        &self,
        change: impl FnOnce(&mut State) -> Result<T, Problem>,
    ) -> Result<T, Error> {
        let changed = self.inner.change(change).await;
        (changed.and_then(|result| result)).map_err(|problem| Error::new(problem.message))
    }

    /// Waits until everything that is due has happened: callbacks and webhooks were sent and responded to. Work for
    /// later, such as a retry, is not waited for.
    pub async fn settled(&self) {
        self.inner.settled().await;
    }

    /// Returns all callbacks and webhooks, the oldest first, each with its attempts.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        let all = |state: &State| state.store.iter().map(|(_, delivery)| delivery).collect();
        self.inner.read(all)
    }

    /// Sends a delivery again, in addition to attempts that are planned.
    ///
    /// # Errors
    /// There is no delivery with this id, or its URL is not called.
    pub async fn replay(&self, delivery_id: &str) -> Result<(), Error> {
        let planned = self.inner.change(|state| replay(state, delivery_id)).await;
        match planned.map_err(|problem| Error::new(problem.message))? {
            true => Ok(()),
            false => Err(Error::new(format!(
                "there is no delivery `{delivery_id}`, or its URL is not called"
            ))),
        }
    }

    /// Settles what was captured and refunded and not settled before, of all accounts. The parts of sellers go to their
    /// balances, which are paid out after a day, week or month of the sandbox's clock: see [`advance`](Self::advance).
    /// Returns the ids of the new settlements.
    ///
    /// # Errors
    /// The state file can't be written.
    pub async fn settle(&self) -> Result<Vec<String>, Error> {
        let settled = self.inner.change(settlements::settle_all).await;
        settled.map_err(|problem| Error::new(problem.message))
    }

    fn first(&self) -> First {
        let first = self.inner.read(|state| state.store.get::<First>("first"));
        // It is created with the sandbox.
        first.unwrap_or_default()
    }
}
