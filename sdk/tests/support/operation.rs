//! Operations written by hand, as the generator would write them.

use std::fmt::Debug;
use std::marker::PhantomData;

use dintero::Error;
use dintero::rt::{
    HeaderMap, Info, Json, Method, Operation, RawResponse, Request, Scheme, SchemeKind, Server,
};

pub(crate) static SERVER: Server = Server {
    url: "https://checkout.dintero.com/v1",
};
static JWT: Scheme = Scheme {
    name: "JWT",
    kind: SchemeKind::Bearer,
};
static BASIC: Scheme = Scheme {
    name: "clientAuth",
    kind: SchemeKind::Basic,
};
static KEY: Scheme = Scheme {
    name: "apikey",
    kind: SchemeKind::HeaderKey("x-api-key"),
};
static QUERY_KEY: Scheme = Scheme {
    name: "inQuery",
    kind: SchemeKind::QueryKey("api_key"),
};

/// How an operation wants to be authenticated.
pub(crate) trait Kind: Clone + Debug + Send + Sync + 'static {
    const SECURITY: &'static [&'static [&'static Scheme]];
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $security:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(crate) enum $name {}
        impl Kind for $name {
            const SECURITY: &'static [&'static [&'static Scheme]] = $security;
        }
    )*};
}
kinds! {
    Bearer = &[&[&JWT]];
    Basic = &[&[&BASIC]];
    Key = &[&[&KEY]];
    QueryKey = &[&[&QUERY_KEY]];
    /// A token, or else a key.
    Either = &[&[&JWT], &[&KEY]];
    Open = &[];
}

/// `GET /accounts/{aid}/things/{id}`.
#[derive(Clone, Debug)]
pub(crate) struct Probe<K = Bearer> {
    id: String,
    kind: PhantomData<K>,
}

impl<K> Probe<K> {
    pub(crate) fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            kind: PhantomData,
        }
    }
}

impl<K: Kind> Operation for Probe<K> {
    type Answer = Vec<i64>;
    type Failure = Json;
    type Headers = Option<i64>;

    const INFO: Info = Info {
        name: "test.probe",
        method: Method::GET,
        path: "/accounts/{aid}/things/{id}",
        server: &SERVER,
        security: K::SECURITY,
        scopes: &["read:things"],
        accept: "application/json",
    };

    const REQUEST_ID_HEADER: Option<&'static str> = Some("event-request-id");

    fn request(&self) -> Result<Request, Error> {
        Request::new(Self::INFO.path)
            .path_from_client("aid", "account", &None::<String>)
            .path("id", &self.id)
            .finish()
    }

    fn answer(response: &RawResponse) -> Result<Vec<i64>, Error> {
        response.json()
    }

    fn failure(response: &RawResponse) -> Result<Json, Error> {
        response.json()
    }

    fn headers(headers: &HeaderMap) -> Option<i64> {
        dintero::rt::header(headers, "total-count")
    }
}

/// `POST /charge`: moves money, gives nothing back.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) body: Option<Json>,
    /// `Idempotency-Key`.
    pub(crate) key: Option<String>,
}

impl Operation for Charge {
    type Answer = ();
    type Failure = ();
    type Headers = ();

    const INFO: Info = Info {
        name: "test.charge",
        method: Method::POST,
        path: "/charge",
        server: &SERVER,
        security: &[],
        scopes: &[],
        accept: "",
    };
    const SETTLED_BY: Option<&'static str> = Some("get_charge");

    fn request(&self) -> Result<Request, Error> {
        Request::new("/charge")
            .header("Idempotency-Key", &self.key)
            .json("application/json", &self.body)
            .finish()
    }

    fn answer(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }

    fn failure(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }

    fn headers(_: &HeaderMap) {}
}

/// `GET /things` of another company.
#[derive(Clone, Debug)]
pub(crate) struct Foreign;

static FOREIGN: Server = Server {
    url: "https://other.example",
};

impl Operation for Foreign {
    type Answer = Json;
    type Failure = ();
    type Headers = ();

    const INFO: Info = Info {
        name: "test.foreign",
        method: Method::GET,
        path: "/things",
        server: &FOREIGN,
        security: &[&[&JWT]],
        scopes: &[],
        accept: "",
    };

    fn request(&self) -> Result<Request, Error> {
        Request::new("/things").finish()
    }

    fn answer(response: &RawResponse) -> Result<Json, Error> {
        response.json()
    }

    fn failure(_: &RawResponse) -> Result<(), Error> {
        Ok(())
    }

    fn headers(_: &HeaderMap) {}
}
