//! Currencies with their ISO 4217 codes.

use std::{fmt, str::FromStr};

use super::{MoneyError, MoneyErrorKind};

/// A currency: its alphabetic code of ISO 4217, such as `NOK`.
///
/// Unknown codes are currencies too, because the list changes faster than programs. [`exponent`](Self::exponent)
/// returns the number of decimals of known ones. Any text of the API is kept as received; a currency that a program
/// creates must have the format of a code.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(Repr);

// Codes are compared before any other text, which is rare.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Repr {
    /// Three capital letters.
    Code([u8; 3]),
    /// Text of the API that is not a code.
    Other(Box<str>),
}

/// The codes of ISO 4217 by their number of decimals. Recently withdrawn ones are included, because old payments have
/// them.
pub(super) const KNOWN: [(u8, &[&str]); 4] = [
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ],
    ),
    (
        2,
        &[
            "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD",
            "BDT", "BGN", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
            "CAD", "CDF", "CHE", "CHF", "CHW", "CNY", "COP", "COU", "CRC", "CUC", "CUP", "CVE",
            "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL",
            "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR", "ILS",
            "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR",
            "LRD", "LSL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR",
            "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB",
            "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "RUB", "SAR", "SBD", "SCR",
            "SDG", "SEK", "SGD", "SHP", "SLE", "SLL", "SOS", "SRD", "SSP", "STN", "SVC", "SYP",
            "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD", "USN",
            "UYU", "UZS", "VED", "VES", "WST", "XAD", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG",
            "ZWL",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

impl Currency {
    /// Danish krone, 2 decimals.
    pub const DKK: Self = Self(Repr::Code(*b"DKK"));
    /// Euro, 2 decimals.
    pub const EUR: Self = Self(Repr::Code(*b"EUR"));
    /// Pound sterling, 2 decimals.
    pub const GBP: Self = Self(Repr::Code(*b"GBP"));
    /// Norwegian krone, 2 decimals.
    pub const NOK: Self = Self(Repr::Code(*b"NOK"));
    /// Swedish krona, 2 decimals.
    pub const SEK: Self = Self(Repr::Code(*b"SEK"));
    /// US dollar, 2 decimals.
    pub const USD: Self = Self(Repr::Code(*b"USD"));

    /// Returns a currency by its code: any three capital letters.
    ///
    /// # Errors
    /// [`InvalidCurrency`](MoneyErrorKind::InvalidCurrency): it is something else, such as `nok` or `kr`.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        match Self::received(code) {
            currency @ Self(Repr::Code(_)) => Ok(currency),
            Self(Repr::Other(text)) => {
                let message =
                    format!("{text:?} is not a currency: three capital letters, such as NOK");
                Err(MoneyError::new(MoneyErrorKind::InvalidCurrency, message))
            }
        }
    }

    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Code(code) => std::str::from_utf8(code).unwrap_or_default(),
            Repr::Other(text) => text,
        }
    }

    /// Returns the number of decimals of amounts: a minor unit is 10^-`exponent`, so 2 for NOK, 0 for JPY, 3 for KWD, 4
    /// for CLF.
    ///
    /// `None` for codes unknown to this crate, and for those of ISO 4217 without a minor unit, such as `XAU` (gold).
    #[must_use]
    pub fn exponent(&self) -> Option<u8> {
        let code = self.as_str();
        KNOWN
            .iter()
            .find(|(_, codes)| codes.contains(&code))
            .map(|(exponent, _)| *exponent)
    }

    /// Accepts any text of the API.
    pub(crate) fn received(text: &str) -> Self {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Self(Repr::Code(code)),
            _ => Self(Repr::Other(text.into())),
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Self, MoneyError> {
        Self::parse(code)
    }
}

impl TryFrom<&str> for Currency {
    type Error = MoneyError;

    fn try_from(code: &str) -> Result<Self, MoneyError> {
        Self::parse(code)
    }
}

impl AsRef<str> for Currency {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(crate::rt::word(self.as_str()))
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::rt::deserialize(deserializer)
    }
}
