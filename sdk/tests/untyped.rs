//! Operations of which the documentation shows little more than method and path: requests go there, and responses are
//! returned as received.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use bytes::Bytes;
use dintero::ledger::{self, BankAccountId, PayoutDestinationId};
use dintero::management::{self, TerminalId};
use dintero::mock::{Mock, MockResponse};
use dintero::orders::{DraftOrderId, LineId, OrderId};
use dintero::payout_admin::{self, BlockRuleId, ProposalItemId};
use dintero::reports::{GenerateReport, GenerationSchedule, ReportData, ReportTemplateId};
use dintero::rt::Operation;
use dintero::{Client, Timestamp, billing, insight};
use serde_json::{Map, Value, json};

const BASE: &str = "https://api.dintero.com/v1/accounts/T12345678";

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(members) = value else {
        panic!("{value} is not an object");
    };
    members
}

/// Returns the method, the path below the account, and the body of the last request.
fn last(mock: &Mock) -> (String, String, Value) {
    let requests = mock.requests();
    let request = requests.last().unwrap();
    let path = request.uri().to_string();
    let path = path.strip_prefix(BASE).unwrap().to_owned();
    let body = match request.body().is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(request.body()).unwrap(),
    };
    (request.method().to_string(), path, body)
}

/// Sends an operation whose response may be absent: to a mock with a response, and to one without a body.
async fn may_be_empty<O>(operation: O, method: &str, path: &str, body: Value)
where
    O: Operation<Output = Option<Value>>,
{
    let (mock, client) = mocked();
    let response = json!({"id": "3c90c3cc", "amount": 12500, "unknown": [true, null]});
    mock.on::<O>().responses([
        MockResponse::json(201, &response),
        MockResponse::raw(204, ""),
        MockResponse::raw(200, ""),
    ]);
    let name = O::INFO.name;
    for expected in [Some(response), None, None] {
        let value = client.send(operation.clone()).await.unwrap();
        assert_eq!(value, expected, "{name}");
        assert_eq!(
            last(&mock),
            (method.to_owned(), path.to_owned(), body.clone()),
            "{name}"
        );
    }
    mock.verify();
}

fn seller() -> PayoutDestinationId {
    PayoutDestinationId::new("PD032")
}

fn mocked() -> (Mock, Client) {
    let mock = Mock::new();
    let client = Client::builder().account("T12345678".parse().unwrap());
    let client = client.client_credentials("id", "secret").mock(&mock);
    let client = client.build().unwrap();
    (mock, client)
}

#[tokio::test]
async fn subscriptions_are_returned_with_their_price_model() {
    let (mock, client) = mocked();
    let response = json!([{"prices": [{"price_model": "graduated", "unit_amount": "0.025"}]}]);
    mock.on::<billing::ListSubscriptions>()
        .value(response.clone());
    let subscriptions = client.billing().list_subscriptions().send().await.unwrap();
    assert_eq!(subscriptions, response);
    assert_eq!(
        subscriptions
            .pointer("/0/prices/0/price_model")
            .and_then(Value::as_str),
        Some("graduated")
    );
    let path = "/billing/subscriptions".to_owned();
    assert_eq!(last(&mock), ("GET".to_owned(), path, Value::Null));
}

#[tokio::test]
async fn bank_accounts_and_transfers_of_the_ledger() {
    let (mock, client) = mocked();
    let ledger = client.ledger();
    let accounts = json!({"bank_accounts": [{"currency": "NOK"}]});
    mock.on::<ledger::ListDinteroBankAccounts>()
        .value(accounts.clone());
    let listed = ledger.list_dintero_bank_accounts().send().await.unwrap();
    assert_eq!(listed, accounts);
    let path = "/ledger/dintero-bank-accounts".to_owned();
    assert_eq!(last(&mock), ("GET".to_owned(), path, Value::Null));

    let body = json!({"payout_interval_type": "manual"});
    let call = ledger.create_configuration().body(object(body.clone()));
    may_be_empty(call.build(), "POST", "/ledger/config", body).await;
    let body = json!({"amount": 12500, "currency": "NOK"});
    let call = ledger
        .create_fund_transfer(seller())
        .body(object(body.clone()));
    let path = "/ledger/payout-destinations/PD032/fund-transfers";
    may_be_empty(call.build(), "POST", path, body).await;
    let body = json!({"NOK": "b1"});
    let call = ledger.update_payout_account_overrides(seller());
    let path = "/ledger/payout-destinations/PD032/bank-accounts/payout-accounts-mapping/overrides";
    let call = call.body(object(body.clone()));
    may_be_empty(call.build(), "PUT", path, body).await;
    let call = ledger.unlink_bank_account(seller(), BankAccountId::new("b 1"));
    let path = "/ledger/payout-destinations/PD032/bank-accounts/b%201/link";
    may_be_empty(call.build(), "DELETE", path, Value::Null).await;
}

#[tokio::test]
async fn proposals_and_rules_of_payouts() {
    let (mock, client) = mocked();
    let admin = client.payout_admin();
    let call = admin.generate_proposals().build();
    let path = "/payout/admin/payout/generate-proposals";
    may_be_empty(call, "POST", path, Value::Null).await;
    let body = json!({"reason": "closed"});
    let call = admin.fail_proposal_item(ProposalItemId::new("i1"));
    let call = call.body(object(body.clone())).build();
    let path = "/payout/admin/payout/proposal-item/i1/fail";
    may_be_empty(call, "POST", path, body).await;

    let rule = json!({"type": "owner-orgno", "value": "923663487"});
    mock.on::<payout_admin::ListBlockRules>()
        .value(json!([rule.clone()]));
    let rules = admin.list_block_rules().send().await.unwrap();
    assert_eq!(rules, json!([rule.clone()]));
    let path = "/payout/admin/block-rules".to_owned();
    assert_eq!(last(&mock), ("GET".to_owned(), path, Value::Null));
    mock.on::<payout_admin::GetBlockRule>()
        .value(object(rule.clone()));
    let read = admin.get_block_rule(BlockRuleId::new("r1")).send().await;
    assert_eq!(read.unwrap(), object(rule.clone()));
    let path = "/payout/admin/block-rules/r1".to_owned();
    assert_eq!(last(&mock), ("GET".to_owned(), path, Value::Null));

    let call = admin.create_block_rule().body(object(rule.clone())).build();
    may_be_empty(call, "POST", "/payout/admin/block-rules", rule.clone()).await;
    let call = admin.update_block_rule(BlockRuleId::new("r1"));
    let call = call.body(object(rule.clone())).build();
    let path = "/payout/admin/block-rules/r1";
    may_be_empty(call, "PATCH", path, rule.clone()).await;
    let call = admin.test_block_rules().body(object(rule.clone())).build();
    may_be_empty(call, "POST", "/payout/admin/block-rules-test", rule).await;
}

/// The documented example: a PDF about a transaction.
#[tokio::test]
async fn a_report_about_a_transaction_is_bytes() {
    let (mock, client) = mocked();
    let pdf = Bytes::from_static(b"%PDF-1.7 \xE2\xE3\xCF\xD3");
    mock.on::<GenerateReport>().responses([
        MockResponse::raw(200, pdf.clone()),
        MockResponse::raw(201, r#"{"id":"r1"}"#),
    ]);
    let transaction = json!({"id": "T12345678.abc", "amount": 29990, "events": [{"amount": 1.5}]});
    let path = "/checkout/v1/transactions/T12345678.abc";
    let data = ReportData::builder()
        .key("transaction")
        .path(path)
        .data(object(transaction.clone()));
    let call = client
        .reports()
        .generate_report()
        .template_id(ReportTemplateId::new("checkout_transaction_order"))
        .template_data_path(path)
        .template_accept("application/pdf")
        .template_accept_language("en")
        .body([data.build()]);
    let report = call.clone().send().await.unwrap();
    assert_eq!(report, pdf);
    let (method, sent, body) = last(&mock);
    assert_eq!(method, "POST");
    assert_eq!(
        sent,
        "/reports/generation?template_id=checkout_transaction_order\
         &template_data_path=%2Fcheckout%2Fv1%2Ftransactions%2FT12345678.abc\
         &template_accept=application%2Fpdf&template_accept_language=en"
    );
    assert_eq!(
        body,
        json!([{"key": "transaction", "path": path, "data": transaction}])
    );

    let call = call
        .template_accept_timezone("Europe/Stockholm")
        .data_from(Timestamp::parse("2026-01-01T00:00:00Z").unwrap())
        .data_to(Timestamp::parse("2026-02-01T00:00:00Z").unwrap())
        .schedule(GenerationSchedule::Monthly)
        .save(true);
    let kept = call.send_with_response().await.unwrap();
    assert_eq!(
        (kept.status().as_u16(), &kept.value()[..]),
        (201, &br#"{"id":"r1"}"#[..])
    );
    let (_, sent, _) = last(&mock);
    let rest = sent.split_once("&template_accept_language=en").unwrap().1;
    assert_eq!(
        rest,
        "&template_accept_timezone=Europe%2FStockholm&data_from=2026-01-01T00%3A00%3A00Z\
         &data_to=2026-02-01T00%3A00%3A00Z&schedule=monthly&save=true"
    );
    mock.verify();
}

#[tokio::test]
async fn operations_of_the_other_apis() {
    let (mock, client) = mocked();
    let configurations = json!({"configurations": [{"id": "c1"}]});
    mock.on::<insight::ListReportConfigurations>()
        .value(configurations.clone());
    let listed = client.insight().list_report_configurations().send().await;
    assert_eq!(listed.unwrap(), configurations);
    let path = "/insight/reports/configuration".to_owned();
    assert_eq!(last(&mock), ("GET".to_owned(), path, Value::Null));

    let management = client.management();
    let connection = json!({"supported_invoice_channels": ["email"], "status": "ACTIVE"});
    mock.on::<management::GetKraviaConnection>()
        .response(MockResponse::json(200, &connection));
    let read = management.get_kravia_connection().send().await.unwrap();
    assert_eq!(read.supported_invoice_channels, Some(json!(["email"])));
    assert_eq!(read.extra.get("status"), Some(&json!("ACTIVE")));
    let call = management.update_kravia_connection();
    let call = call.supported_invoice_channels(json!(["email"])).build();
    let path = "/management/settings/connections/kravia";
    let body = json!({"supported_invoice_channels": ["email"]});
    may_be_empty(call, "PUT", path, body).await;
    let body = json!({"services": {}});
    let call = management.request_sandbox_settings();
    let call = call.body(object(body.clone())).build();
    may_be_empty(call, "PUT", "/management/settings/sandbox", body).await;
    let call = management
        .update_payout_destination(seller())
        .body(Map::new());
    let path = "/payout-destinations/PD032";
    may_be_empty(call.build(), "PATCH", path, json!({})).await;
    let call = management
        .delete_terminal(TerminalId::new("T12345678-T0001"))
        .build();
    may_be_empty(call, "DELETE", "/terminals/T12345678-T0001", Value::Null).await;

    let orders = client.orders();
    let body = json!({"exchange_rate": 1});
    let call = orders.update_draft_order_item(DraftOrderId::new("d1"), LineId::new("7"));
    let call = call.body(object(body.clone())).build();
    let path = "/shopping/draft_orders/d1/items/7";
    may_be_empty(call, "PUT", path, body.clone()).await;
    let call = orders
        .update_order(OrderId::new("o1"))
        .body(object(body.clone()))
        .build();
    may_be_empty(call, "PUT", "/shopping/orders/o1", body).await;
    let call = orders.cancel_order(OrderId::new("o1")).build();
    may_be_empty(call, "POST", "/shopping/orders/o1/cancel", Value::Null).await;
}
