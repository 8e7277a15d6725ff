//! Operations written by hand, as the generator would write them.

use std::fmt::Debug;
use std::marker::PhantomData;

use dintero::rt::{
    self, FromHeaders, HeaderMap, Info, Json, Method, Operation, Request, Scheme, SchemeKind,
    Server,
};
use dintero::{Error, List};

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

/// `total-count`
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Count(pub(crate) Option<i64>);

impl FromHeaders for Count {
    fn from_headers(headers: &HeaderMap) -> Self {
        Self(rt::header(headers, "total-count"))
    }
}

impl<K: Kind> Operation for Probe<K> {
    type Output = List<i64>;
    type ErrorResponse = Json;
    type Headers = Count;

    const INFO: &'static Info = &Info {
        name: "test.probe",
        method: &Method::GET,
        path: "/accounts/{aid}/things/{id}",
        server: &SERVER,
        security: K::SECURITY,
        scopes: &["read:things"],
        request_id_header: Some("event-request-id"),
        ..Info::USUAL
    };

    fn request(&self) -> Result<Request, Error> {
        Request::new(Self::INFO.path)
            .path_from_client("aid", "account", &None::<String>)
            .path("id", &self.id)
            .finish()
    }
}

/// `POST /terminals`: has a key, made up unless it is given.
#[derive(Clone, Debug)]
pub(crate) struct Keyed {
    key: Option<String>,
}

impl Keyed {
    pub(crate) fn new(key: Option<&str>) -> Self {
        let mut key = key.map(str::to_owned);
        rt::fill_key(&mut key);
        Self { key }
    }

    pub(crate) fn idempotency_key(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }
}

impl Operation for Keyed {
    type Output = ();
    type ErrorResponse = ();
    type Headers = ();

    const INFO: &'static Info = &info("test.keyed", &Method::POST, "/terminals", &[]);

    fn request(&self) -> Result<Request, Error> {
        Request::new("/terminals")
            .header("Idempotency-Key", &self.key)
            .finish()
    }
}

/// `POST /discounts`: happens once for each id, where there is one.
#[derive(Clone, Debug)]
pub(crate) struct Discount {
    pub(crate) ref_id: Option<String>,
}

impl Operation for Discount {
    type Output = ();
    type ErrorResponse = ();
    type Headers = ();

    const INFO: &'static Info = &info("test.discount", &Method::POST, "/discounts", &[]);

    fn is_repeatable(&self) -> bool {
        rt::is_filled(&self.ref_id)
    }

    fn request(&self) -> Result<Request, Error> {
        Request::new("/discounts").finish()
    }
}

/// `GET /go`: 302 is its answer.
#[derive(Clone, Debug)]
pub(crate) struct Go;

impl Operation for Go {
    type Output = dintero::Redirect;
    type ErrorResponse = Json;
    type Headers = ();

    const INFO: &'static Info = &Info {
        redirects: &[302],
        ..info("test.go", &Method::GET, "/go", Bearer::SECURITY)
    };

    fn request(&self) -> Result<Request, Error> {
        Request::new("/go").finish()
    }
}

const fn info(
    name: &'static str,
    method: &'static Method,
    path: &'static str,
    security: &'static [&'static [&'static Scheme]],
) -> Info {
    Info {
        name,
        method,
        path,
        server: &SERVER,
        security,
        accept: "",
        ..Info::USUAL
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
    type Output = ();
    type ErrorResponse = ();
    type Headers = ();

    const INFO: &'static Info = &Info {
        name: "test.charge",
        method: &Method::POST,
        path: "/charge",
        server: &SERVER,
        accept: "",
        settled_by: Some("get_charge"),
        ..Info::USUAL
    };

    fn request(&self) -> Result<Request, Error> {
        Request::new("/charge")
            .header("Idempotency-Key", &self.key)
            .json("application/json", &self.body)
            .finish()
    }
}

/// `GET /things` of another company.
#[derive(Clone, Debug)]
pub(crate) struct Foreign;

static FOREIGN: Server = Server {
    url: "https://other.example",
};

impl Operation for Foreign {
    type Output = Json;
    type ErrorResponse = ();
    type Headers = ();

    const INFO: &'static Info = &Info {
        name: "test.foreign",
        method: &Method::GET,
        path: "/things",
        server: &FOREIGN,
        security: &[&[&JWT]],
        accept: "",
        ..Info::USUAL
    };

    fn request(&self) -> Result<Request, Error> {
        Request::new("/things").finish()
    }
}
