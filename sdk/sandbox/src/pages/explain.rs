//! Explanations of errors: their meaning, and the next step.

/// The meaning of an error, and the next step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Explanation {
    pub(super) meaning: &'static str,
    pub(super) what_to_do: &'static str,
}

/// The meaning of a kind of failed payment, a value of `events[].error.type`, and the next step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decline {
    pub(super) code: &'static str,
    pub(super) meaning: &'static str,
    pub(super) what_to_do: &'static str,
}

const OTHER_CARD: &str = "Ask the customer for another way to pay.";
const ASK_BANK: &str = "The customer can ask the bank, or pay another way.";
const CHECK_SETUP: &str = "Check the account and the request: another attempt fails, too.";
const LATER: &str = "Offer to pay again, at once or later, or another way to pay.";
const VERIFY: &str =
    "Let the customer pay again on the checkout page and complete the bank's check.";

/// All kinds of failed payments that Dintero's document lists.
pub(super) const DECLINES: [Decline; 17] = [
    decline(
        "DECLINED",
        "The bank declined, and names no cause.",
        ASK_BANK,
    ),
    decline(
        "INSUFFICIENT_FUNDS",
        "There is too little money on the account.",
        OTHER_CARD,
    ),
    decline("EXPIRED_CARD", "The card has expired.", OTHER_CARD),
    decline(
        "RESTRICTED_CARD",
        "The card may not be used here.",
        OTHER_CARD,
    ),
    decline(
        "PICK_UP_CARD",
        "The card is to be withheld, for instance because it was reported lost.",
        OTHER_CARD,
    ),
    decline("CLOSED_ACCOUNT", "The account is closed.", OTHER_CARD),
    decline(
        "EXCEEDS_APPROVAL_LIMIT",
        "The amount is above a limit.",
        "Ask for another way to pay, or a smaller amount.",
    ),
    decline(
        "EXCEEDS_WITHDRAWAL_FREQUENCY_LIMIT",
        "The card was used too often.",
        LATER,
    ),
    decline(
        "FAILED_VERIFICATION",
        "The customer was not verified.",
        VERIFY,
    ),
    decline(
        "ADDITIONAL_VERIFICATION_REQUIRED",
        "The customer must prove more.",
        VERIFY,
    ),
    decline(
        "PIN_REQUIRED",
        "The payment needs the PIN of the card.",
        OTHER_CARD,
    ),
    decline("INVALID_AMOUNT", "The amount is not valid.", CHECK_SETUP),
    decline(
        "INVALID_MERCHANT",
        "The merchant is not valid.",
        CHECK_SETUP,
    ),
    decline(
        "INVALID_TRANSACTION",
        "The transaction is not valid.",
        CHECK_SETUP,
    ),
    decline("ISSUER_ERROR", "The bank had an error.", LATER),
    decline(
        "ERROR",
        "There was an error whose cause is not named.",
        LATER,
    ),
    decline("UNKNOWN", "The cause is not known.", LATER),
];

const fn decline(code: &'static str, meaning: &'static str, what_to_do: &'static str) -> Decline {
    Decline {
        code,
        meaning,
        what_to_do,
    }
}

pub(super) fn declined(code: &str) -> Option<Decline> {
    DECLINES.into_iter().find(|decline| decline.code == code)
}

/// An error response of an operation; none for other statuses.
pub(super) fn response(status: u16, code: &str) -> Option<Explanation> {
    let (meaning, what_to_do) = match (status, code) {
        (400, "ExpressCallbackFailed") => (
            "The shop's server did not respond as documented when it was asked for shipping options or discounts.",
            "Look at the log of the shop's server. It must respond with status 200 and `shipping_options` within 60 seconds; there is no second attempt.",
        ),
        (400, _) => (
            "The request does not match Dintero's document, or its values do not fit the state.",
            "Correct the fields that the response lists. The same request fails again, so do not retry it.",
        ),
        (401, _) => (
            "The credentials are missing, unknown or expired.",
            "Send `authorization: Bearer …` with a token of the client id and secret of this sandbox, and fetch a new token when `expires_in` has passed.",
        ),
        (403, _) => (
            "The credentials are valid, but not for this account or operation.",
            "Compare the account in the path and the scopes of the client with those that the operation needs.",
        ),
        (404, _) => (
            "There is no such thing, or no such operation.",
            "Check the id, and that it was created in this sandbox: without a state file, all is gone when it ends. For an operation, check method and path.",
        ),
        (405, _) => (
            "The path has no operation with this method.",
            "Check the method.",
        ),
        (409, _) => (
            "The state does not allow it, for example because the amount is already captured.",
            "Read the transaction or session, and decide by its status and events.",
        ),
        (412, _) => (
            "It was changed since the client read it.",
            "Read it again and repeat the change, if it still makes sense.",
        ),
        (413, _) => ("The body is too long.", "Send less at a time."),
        (429, _) => (
            "There were too many requests.",
            "Wait as many seconds as `retry-after` says, then retry. The crate `dintero` does so by itself.",
        ),
        (501, _) => (
            "Dintero's documentation does not say what happens here, so the sandbox does not guess.",
            "Test this part with a test account of Dintero.",
        ),
        (503, _) => (
            "The payment provider is not available at the moment.",
            "Retry a read. For a capture, refund or void, read the transaction first: it may have been done.",
        ),
        (500.., _) => (
            "The server failed.",
            "Retry a read. For a capture, refund or void, read the transaction first: it may have been done.",
        ),
        (400..500, _) => (
            "The request is not accepted as it is.",
            "Correct it; the same request fails again.",
        ),
        _ => return None,
    };
    Some(Explanation {
        meaning,
        what_to_do,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    /// The lists of values in a document with this one.
    fn lists(value: &Value, with: &str, found: &mut Vec<BTreeSet<String>>) {
        match value {
            Value::Array(items) => {
                let texts = items
                    .iter()
                    .filter_map(|item| Some(item.as_str()?.to_owned()));
                let texts: BTreeSet<_> = texts.collect();
                if texts.contains(with) {
                    found.push(texts);
                }
                items.iter().for_each(|item| lists(item, with, found));
            }
            Value::Object(members) => members.values().for_each(|item| lists(item, with, found)),
            _ => {}
        }
    }

    #[test]
    fn all_documented_declines_and_no_others() {
        let document = include_str!("../contract/payments.json");
        let mut found = Vec::new();
        lists(
            &serde_json::from_str(document).unwrap(),
            "PICK_UP_CARD",
            &mut found,
        );
        let ours: BTreeSet<_> = DECLINES.map(|one| one.code.to_owned()).into();
        assert!(!found.is_empty());
        for documented in found {
            assert_eq!(documented, ours);
        }
    }

    #[test]
    fn every_error_status_is_explained() {
        for status in 400..600 {
            assert!(response(status, "").is_some(), "{status}");
        }
        assert!(response(202, "").is_none());
    }
}
