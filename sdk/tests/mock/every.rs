//! Every generated operation can be answered, and gives the value that it was answered with.

use std::collections::BTreeSet;
use std::fmt::Debug;

use dintero::insight::{self, *};
use dintero::mock::{Mock, value};
use dintero::payments::{self, *};
use dintero::rt::Operation;
use dintero::{Amount, Client, Currency, Timestamp};

/// Sends operations to a mock that answers each with its value.
struct Round {
    mock: Mock,
    client: Client,
    done: BTreeSet<&'static str>,
}

impl Round {
    async fn trip<O>(&mut self, operation: O, answer: O::Output)
    where
        O: Operation,
        O::Output: Clone + Debug + PartialEq,
    {
        let name = O::INFO.name;
        self.mock.expect(operation.clone()).value(answer.clone());
        let given = self.client.send(operation).await;
        assert_eq!(given.unwrap(), answer, "{name}");
        assert_eq!(self.mock.calls::<O>().len(), 1, "{name}");
        assert!(self.done.insert(name), "{name} twice");
    }
}

#[tokio::test]
#[allow(deprecated)]
async fn every_operation() {
    let mock = Mock::new();
    let client = mock.client();
    let mut round = Round {
        client: client.clone(),
        mock,
        done: BTreeSet::new(),
    };
    figures(&mut round, &client.insight()).await;
    settlements(&mut round, &client.payments()).await;
    sessions(&mut round, &client.payments()).await;
    transactions(&mut round, &client.payments()).await;
    payouts(&mut round, &client.payments()).await;
    round.mock.verify();

    let mut described = String::new();
    for module in ["insight", "payments"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api/");
        for file in std::fs::read_dir(format!("{folder}{module}")).unwrap() {
            described += &std::fs::read_to_string(file.unwrap().path()).unwrap();
        }
    }
    let names = described.split("        name: \"").skip(1);
    let names: BTreeSet<&str> = names.filter_map(|text| text.split('"').next()).collect();
    assert_eq!(round.done, names);
}

#[allow(deprecated)]
async fn figures(round: &mut Round, insight: &insight::Insight<Client>) {
    let report = ReportParams::builder()
        .from("2026-01-01")
        .to("2026-02-01")
        .name("n");
    let report = report.language("en").schedule("monthly").build();
    let call = insight
        .generate_report()
        .from("2026-01-01")
        .to("2026-02-01");
    let call = call.name("n").language("en").schedule("monthly");
    round.trip(call.build(), report).await;

    let settings = insight.create_report_configuration().name("n");
    let settings = settings.language("en").schedule("daily").build();
    round.trip(settings, ReportConfiguration::default()).await;
    let configurations = serde_json::json!([{"id": "r"}]);
    let call = insight.list_report_configurations().build();
    round.trip(call, configurations).await;
    let settings = insight.update_report_configuration(ReportConfigurationId::new("r"));
    let settings = settings.name("n").language("en").schedule("daily").build();
    round.trip(settings, ReportConfiguration::default()).await;

    let call = insight
        .list_checkout_kpis()
        .interval("day")
        .transaction_status("CAPTURED");
    let call = call.aggregate_functions([AggregateFunction::Sum]).build();
    let kpi = value(|kpi: &mut CheckoutKpi| kpi.kpi_name = Some("sum".into()));
    round.trip(call, [kpi].into()).await;
    let call = insight
        .list_checkout_transaction_event_kpis()
        .event("CAPTURE");
    let call = call
        .created_at_gte(Timestamp::parse("2026-01-01T00:00:00Z").unwrap())
        .build();
    let kpi = CheckoutTransactionKpi::default();
    round.trip(call, [kpi.clone()].into()).await;
    let call = insight.list_checkout_transaction_status_kpis().build();
    round.trip(call, [kpi.clone(), kpi].into()).await;
}

async fn settlements(round: &mut Round, payments: &payments::Payments<Client>) {
    round
        .trip(
            payments.list_reports().build(),
            ReportMetadataPage::default(),
        )
        .await;
    round
        .trip(
            payments.list_settlements().build(),
            SettlementPage::default(),
        )
        .await;
    let call = payments.list_settlement_report_configurations().build();
    round
        .trip(call, SettlementReportConfigurationPage::default())
        .await;

    let id = SettlementReportConfigurationId::new("s");
    let destination = ReportRecipient::builder().destination_type("email");
    let destination = destination.build();
    let item = SettlementReportConfiguration::builder()
        .destinations([destination.clone()])
        .filetypes(["csv"])
        .providers(["swish"])
        .build();
    let call = payments.create_settlement_report_configuration();
    let call = call
        .destinations([destination.clone()])
        .filetypes(["csv"])
        .providers(["swish"]);
    round.trip(call.build(), item.clone()).await;
    let call = payments.update_settlement_report_configuration(&id);
    let call = call
        .destinations([destination])
        .filetypes(["csv"])
        .providers(["swish"]);
    round.trip(call.build(), item.clone()).await;
    let call = payments.get_settlement_report_configuration(&id).build();
    round.trip(call, item.clone()).await;
    let call = payments.delete_settlement_report_configuration(&id).build();
    round.trip(call, item).await;
    let call = payments.generate_settlement_test_report().build();
    round.trip(call, TestReportResponse::default()).await;
    let call = payments
        .download_settlement_attachment(SettlementId::new("s"), AttachmentId::new("a"))
        .build();
    round.trip(call, b"%PDF".as_slice().into()).await;
}

async fn sessions(round: &mut Round, payments: &payments::Payments<Client>) {
    let token = ClientCredentials::builder().audience("a").build();
    let call = payments.create_token().body(token).build();
    round.trip(call, IssuedToken::default()).await;
    let (color, width) = (LogoColor::new("000"), LogoWidth::new("100"));
    let call = payments.get_logos_image(LogoNames::new("visa"), "mono", &color, &width, "logos");
    round.trip(call.build(), b"<svg/>".as_slice().into()).await;
    let call = payments.get_profile_image(ProfileId::new("p"), "mono", &color, &width, "logos");
    round.trip(call.build(), b"<svg/>".as_slice().into()).await;

    let url = || {
        SessionUrls::builder()
            .return_url("https://shop.example")
            .build()
    };
    let order = SessionOrder::builder()
        .amount(Amount::minor(1))
        .currency(Currency::NOK);
    let order = order.merchant_reference("o").build();
    let call = payments
        .create_session()
        .order(order)
        .url(url())
        .profile_id(ProfileId::new("default"));
    round
        .trip(
            call.build(),
            value(|answer: &mut SessionCreated| answer.id = SessionId::new("s")),
        )
        .await;
    round
        .trip(
            payments.pay_session().build(),
            value(|answer: &mut PaySessionResponse| {
                answer.id = TransactionId::new("t");
                answer.amount = Amount::minor(1);
                answer.currency = Currency::NOK;
                answer.status = "CAPTURED".into();
                answer.success = Some(true);
            }),
        )
        .await;
    let order = SessionPaymentTokenOrder::builder().currency(Currency::NOK);
    let session = CreatePaymentTokenSessionBodySession::builder()
        .order(order.merchant_reference("o").build())
        .url(url())
        .build();
    let provider = BamboraTokenProvider::builder()
        .token_types(["payment_token"])
        .build();
    let call = payments.create_payment_token_session().session(session);
    let call = call.token_provider(provider).build();
    round
        .trip(
            call,
            value(|answer: &mut SessionCreated| answer.id = SessionId::new("s")),
        )
        .await;

    let (id, session) = (
        SessionId::new("s"),
        value(|answer: &mut StoredSession| answer.id = SessionId::new("s")),
    );
    round
        .trip(payments.get_session(&id).build(), session.clone())
        .await;
    let call = payments
        .update_session(&id)
        .order(SessionOrderUpdate::builder().build());
    round.trip(call.build(), session.clone()).await;
    round
        .trip(payments.cancel_session(&id).build(), session)
        .await;
}

async fn transactions(round: &mut Round, payments: &payments::Payments<Client>) {
    let (id, amount) = (TransactionId::new("t"), Amount::minor(1));
    let transaction = value(|transaction: &mut Transaction| {
        transaction.id = TransactionId::new("t");
        transaction.amount = Amount::minor(1);
        transaction.currency = Currency::NOK;
        transaction.status = "CAPTURED".into();
    });
    let answer = || transaction.clone();
    round
        .trip(
            payments.list_transactions().build(),
            [answer(), answer()].into(),
        )
        .await;
    round
        .trip(payments.get_transaction(&id).build(), answer())
        .await;
    round
        .trip(payments.update_transaction(&id).build(), answer())
        .await;
    round
        .trip(payments.extend_authorization(&id).build(), answer())
        .await;
    round
        .trip(
            payments.capture_transaction(&id).amount(amount).build(),
            answer(),
        )
        .await;
    round
        .trip(
            payments.refund_transaction(&id).amount(amount).build(),
            answer(),
        )
        .await;
    round
        .trip(payments.void_transaction(&id).build(), answer())
        .await;
}

async fn payouts(round: &mut Round, payments: &payments::Payments<Client>) {
    let call = payments.list_seller_approvals().build();
    round.trip(call, SellerApprovals::default()).await;
    let call = payments
        .create_seller_approval()
        .payout_destination_id(PayoutDestinationId::new("p"));
    let account = SellerBankAccount::builder().bank_account_currency(Currency::NOK);
    let account = account.payout_currency(Currency::NOK).build();
    let call = call.payout_reference("r").bank_accounts([account]).build();
    round.trip(call, SellerApproval::default()).await;

    let call = payments
        .create_fund_transfer()
        .amount(Amount::minor(1))
        .currency(Currency::NOK);
    let call = call
        .destination_payout_destination_id(PayoutDestinationId::new("d"))
        .source_payout_destination_id(PayoutDestinationId::new("s"));
    let call = call.fund_transfer_id("f").reference("r").build();
    round
        .trip(call, CreateFundTransferResponse::default())
        .await;
    let id = PayoutDestinationId::new("p");
    let call = payments.get_payout_destination_balances(&id).build();
    round
        .trip(call, GetPayoutDestinationBalancesResponse::default())
        .await;
    let call = payments.list_payout_destination_transfers(&id).build();
    round
        .trip(call, ListPayoutDestinationTransfersResponse::default())
        .await;
}
