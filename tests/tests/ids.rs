//! What Dintero gives out as an id is a type of its own, never plain text.

#![allow(missing_docs)]

use tests::places::{self, Exception, Place};

/// Ids that are text, by name or place. Dintero does not give them out, or nobody knows what they are ids of.
const TEXT: &[Exception] = &[
    // Chosen by the shop or its till
    ("line_id", "chosen by the shop"),
    ("OrderItem/properties/id", "number of an article"),
    ("DraftItem/properties/id", "number of an article"),
    ("ReceiptItem/properties/id", "number of an article"),
    ("Item/properties/id", "number of an article"),
    (
        "ItemMixProperty/properties/items/items/properties/id",
        "number of an article",
    ),
    (
        "Reward/properties/values/items/properties/items/items/properties/id",
        "number of an article",
    ),
    (
        "schema/properties/data/items/properties/id",
        "number of an article",
    ),
    (
        "schema/properties/items/items/properties/id",
        "number of an article",
    ),
    (
        "groups/items/properties/id",
        "group of articles, chosen by the shop",
    ),
    (
        "Item/properties/group_id",
        "group of articles, chosen by the shop",
    ),
    (
        "ItemMixProperty/properties/items/items/properties/group_id",
        "group of articles, chosen by the shop",
    ),
    (
        "Reward/properties/values/items/properties/items/items/properties/group_id",
        "group of articles, chosen by the shop",
    ),
    (
        "schema/properties/data/items/properties/group_id",
        "group of articles, chosen by the shop",
    ),
    ("ShippingOption/properties/id", "chosen by the shop"),
    ("operator_product_id", "given by the carrier"),
    ("Checkbox/properties/id", "chosen by the shop"),
    ("CheckboxSimple/properties/id", "chosen by the shop"),
    (
        "fund_transfer_id",
        "chosen by the caller, against repetitions",
    ),
    ("ref_id", "chosen by the caller, against repetitions"),
    (
        "offering_constraint_id",
        "chosen by the caller, against repetitions",
    ),
    ("external_id", "from a system of the shop"),
    ("operator_id", "user of the till"),
    ("salesperson_id", "user of the till"),
    ("infocode_id", "from the till"),
    ("sub_infocode_id", "from the till"),
    ("reference_id", "from the till"),
    ("type_id", "from the till"),
    ("serial_id", "on the article"),
    ("ReceiptContent/properties/transaction_id", "from the till"),
    ("CardInfo/properties/session_id", "from the card terminal"),
    ("CardInfo/properties/terminal_id", "from the card terminal"),
    ("batch_id", "from the card terminal"),
    (
        "Location/properties/location_id",
        "a place of stock, chosen by the shop",
    ),
    ("reseller_id", "given by the partner"),
    ("sub_merchant_id", "a name or number on the marketplace"),
    (
        "version/allOf/0/properties/id",
        "a version of credentials, named by the caller",
    ),
    // Given by others
    ("acquirer_terminal_id", "given by the acquirer"),
    ("acquirer_merchant_id", "given by the acquirer"),
    (
        "three_ds_server_trans_id",
        "given by the server of 3-D Secure",
    ),
    ("psp_transaction_id", "given by the payment service"),
    (
        "gift_cards/items/allOf/1/properties/transaction_id",
        "given by whoever issued the gift card",
    ),
    ("applepay_merchant_id", "given by Apple"),
    ("googlepay_merchant_id", "given by Google"),
    ("mastercard_token_service_id", "given by Mastercard"),
    ("mastercard_token_src_dpa_id", "given by Mastercard"),
    ("token_service_id", "given by Mastercard"),
    ("token_src_dpa_id", "given by Mastercard"),
    (
        "MatchTerminateRequest/properties/merchant/allOf/1/properties/merchant_id",
        "for a register of Mastercard",
    ),
    ("visa_click_to_pay_dpa_client_id", "given by Visa"),
    ("visa_click_to_pay_dpa_id", "given by Visa"),
    ("visa_net_client_id", "given by Visa"),
    ("visa_token_client_app_id", "given by Visa"),
    ("visa_token_relationship_id", "given by Visa"),
    ("address_id", "given by Collector"),
    ("company_id", "given by Collector"),
    ("customers_client_id", "given by Collector or Santander"),
    ("CollectorProduct/properties/id", "a plan of Collector"),
    ("product/properties/id", "a plan of Collector"),
    ("klarna/properties/session_id", "given by Klarna"),
    ("KlarnaGwRead/properties/merchant_id", "given by Klarna"),
    (
        "configuration/properties/credentials/items/properties/merchant_id",
        "given by Klarna",
    ),
    ("wallet_session_id", "given by Bambora"),
    ("pf_account_id", "given by Bambora"),
    ("virtual_account_id", "given by Bambora"),
    ("legal_id", "given by a register"),
    ("NetaxeptGwRead/properties/merchant_id", "given by Netaxept"),
    ("TransactionId", "given by Netaxept"),
    ("transactionId", "given by Netaxept or Vipps"),
    ("two/properties/merchant_id", "given by Two"),
    ("payee_id", "given by PayEx"),
    (
        "PayExCallback/properties/payment/properties/id",
        "a path at PayEx",
    ),
    (
        "PayExCallback/properties/paymentOrder/properties/id",
        "a path at PayEx",
    ),
    (
        "PayExCallback/properties/transaction/properties/id",
        "a path at PayEx",
    ),
    (
        "PayExV3Callback/properties/payment/properties/id",
        "a path at PayEx",
    ),
    (
        "PayExV3Callback/properties/paymentOrder/properties/id",
        "a path at PayEx",
    ),
    (
        "PayExV3Callback/properties/transaction/properties/id",
        "a path at PayEx",
    ),
    ("SwishRefundCallback/properties/id", "given by Swish"),
    ("VippsGwRead/properties/client_id", "given by Vipps"),
    (
        "VippsGwStoreOverrideRead/properties/client_id",
        "given by Vipps",
    ),
    (
        "VippsConnectionConfiguration/properties/client_id",
        "given by Vipps",
    ),
    (
        "oidc/properties/client_id",
        "given by the provider of the login",
    ),
    ("client_Id", "given by Vipps"),
    (
        "VippsConnectionSignup/properties/id",
        "not documented: whether Vipps gives it",
    ),
    ("aws_access_key_id", "given by AWS"),
    (
        "PaymentDetails/properties/payment_id",
        "given by the payment system",
    ),
    // Correlations
    ("request_id", "compared with the text of response headers"),
    (
        "correlation_request_id",
        "compared with the text of response headers",
    ),
    ("payout_correlation_id", "of another form for each provider"),
    ("event_correlation_id", "of another form for each provider"),
    (
        "event_id",
        "a number within the transaction, in an address of the shop",
    ),
    // No ids
    ("generate_order_id", "the form of an id that is made"),
    (
        "PricePackageInput/properties/products/items/properties/product_id",
        "what is charged for, one of a list",
    ),
    // Not documented
    (
        "Entity/properties/id",
        "of many resources: each says which one",
    ),
    ("Id/properties/id", "of many resources: each says which one"),
    (
        "ImmutableEntity/properties/id",
        "of many resources: each says which one",
    ),
    (
        "InsightReportConfigurationResponse/allOf/1/properties/accountId",
        "a UUID, and ids of accounts are none",
    ),
    (
        "EmailAuthorizedUser/properties/account_id",
        "digits without the letter of the environment",
    ),
    (
        "partner_id",
        "not documented: whether it is the id of an account",
    ),
    ("relationship_id", "not documented: who gives it"),
    ("rule_id", "not documented: which rules"),
    ("shipment_id", "not documented: who gives it"),
    (
        "transfer_id",
        "not documented: whether it is the caller's `fund_transfer_id`",
    ),
    (
        "report_config_id",
        "not documented: of which of two kinds of configuration",
    ),
    (
        "override_id",
        "not documented: whether it is always a store",
    ),
    ("user_id", "not documented: of which of two kinds of users"),
    (
        "post/responses/200/content/application~1json/schema/properties/client_id",
        "not documented: which of two ids of a client",
    ),
    (
        "configuration/properties/merchant/properties/id",
        "not documented: whose id",
    ),
    (
        "MyDinteroUserCreation/properties/terms/properties/id",
        "not documented: whether it is one of the shop's texts",
    ),
    (
        "UpdateSettlementReportConfigItem/properties/destinations/items/properties/id",
        "not documented: of what",
    ),
];

fn is_called_id(place: &Place) -> bool {
    let name = &place.name;
    let in_path = ["aid", "oid", "hid", "did", "uid", "tid", "lid", "sid"];
    let ends = ["_id", "_ids", "Id", "Ids"]
        .iter()
        .any(|end| name.ends_with(end));
    ends || name == "id" || in_path.contains(&name.as_str())
}

/// `klarna:headers:capture_id`, what a provider said about a payment; `session:profile_id` is Dintero's own.
fn is_of_provider(place: &Place) -> bool {
    place.name.contains(':') && !place.name.starts_with("session:")
}

fn is_text(place: &Place) -> bool {
    (place.values.iter())
        .any(|value| value.ty == "string" && !value.listed && value.rust_type.is_none())
}

#[test]
fn ids_that_dintero_gives_out_have_types() {
    let places = places::all();
    let ids: Vec<&Place> = (places.iter())
        .filter(|place| is_called_id(place) && !is_of_provider(place))
        .collect();
    let (text, typed): (Vec<&Place>, Vec<&Place>) =
        ids.into_iter().partition(|place| is_text(place));
    assert_eq!(places::unlisted(&text, TEXT), [""; 0]);
    assert!(typed.len() > 400, "only {} ids have a type", typed.len());
}

/// Those of accounts are checked where they are read; a plain one would not be.
#[test]
fn the_same_name_is_the_same_type() {
    for (name, expected) in [
        ("account_id", "rt::AccountId"),
        ("customer_id", "CustomerId"),
        ("payout_destination_id", "PayoutDestinationId"),
        ("profile_id", "ProfileId"),
        ("store_id", "StoreId"),
    ] {
        for place in places::all().iter().filter(|place| place.name == name) {
            for value in &place.values {
                let rust_type = value.rust_type.as_deref().unwrap_or(expected);
                assert_eq!(rust_type, expected, "{}", place.at);
            }
        }
    }
}
