//! Every generated operation can be answered, and gives the value that it was answered with.

use std::collections::BTreeSet;
use std::fmt::Debug;

use dintero::insight::{self, *};
use dintero::mock::{Mock, Mockable};
use dintero::payments::{self, *};
use dintero::{Amount, Client, Currency};

/// Sends operations to a mock that answers each with its value.
struct Round {
    mock: Mock,
    client: Client,
    done: BTreeSet<&'static str>,
}

impl Round {
    async fn trip<O>(&mut self, operation: O, answer: O::Answer)
    where
        O: Mockable,
        O::Answer: Clone + Debug + PartialEq,
    {
        let name = O::INFO.name;
        self.mock.expect(operation.clone()).answer(answer.clone());
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

    let described = [
        include_str!("../../src/api/insight/insight.rs"),
        include_str!("../../src/api/payments/payments.rs"),
    ];
    let names = described
        .iter()
        .flat_map(|text| text.split("        name: \"").skip(1));
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
    round
        .trip(settings, ReportConfiguration::builder().build())
        .await;
    let settings = insight.update_report_configuration(ReportConfigurationId::new("r"));
    let settings = settings.name("n").language("en").schedule("daily").build();
    round
        .trip(settings, ReportConfiguration::builder().build())
        .await;

    let call = insight
        .list_checkout_kpis()
        .interval("day")
        .transaction_status("CAPTURED");
    let call = call.aggregate_functions([AggregateFunction::Sum]).build();
    let kpi = CheckoutKpi::builder().kpi_name("sum").build();
    round.trip(call, vec![kpi]).await;
    let call = insight
        .list_checkout_transaction_event_kpis()
        .event("CAPTURE");
    let call = call.created_at_gte("2026-01-01T00:00:00Z").build();
    let kpi = CheckoutTransactionKpi::builder().build();
    round.trip(call, vec![kpi.clone()]).await;
    let call = insight.list_checkout_transaction_status_kpis().build();
    round.trip(call, vec![kpi.clone(), kpi]).await;
}

async fn settlements(round: &mut Round, payments: &payments::Payments<Client>) {
    round
        .trip(
            payments.list_reports().build(),
            ReportMetadataResponse::builder().build(),
        )
        .await;
    round
        .trip(
            payments.list_settlements().build(),
            SettlementResponse::builder().build(),
        )
        .await;
    let call = payments.list_settlement_report_configurations().build();
    round
        .trip(call, SettlementReportConfigResponse::builder().build())
        .await;

    let id = SettlementReportConfigurationId::new("s");
    let destination = SettlementReportConfigItemDestination::builder().destination_type("email");
    let destination = destination.build();
    let item = SettlementReportConfigItem::builder()
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
    round
        .trip(call, TestReportResponse::builder().build())
        .await;
    let call = payments
        .download_settlement_attachment(SettlementId::new("s"), AttachmentId::new("a"))
        .build();
    round.trip(call, b"%PDF".as_slice().into()).await;
}

async fn sessions(round: &mut Round, payments: &payments::Payments<Client>) {
    let token = ClientCredentials::builder().audience("a").build();
    let call = payments.create_token().body(token).build();
    round.trip(call, AccessToken::builder().build()).await;
    let (color, width) = (Color::new("000"), Width::new("100"));
    let call = payments.get_logos_image(Logos::new("visa"), "mono", &color, &width, "logos");
    round.trip(call.build(), b"<svg/>".as_slice().into()).await;
    let call = payments.get_profile_image(ProfileId::new("p"), "mono", &color, &width, "logos");
    round.trip(call.build(), b"<svg/>".as_slice().into()).await;

    let url = || {
        SessionUrls::builder()
            .return_url("https://shop.example")
            .build()
    };
    let order = SessionOrderInput::builder()
        .amount(Amount::minor(1))
        .currency(Currency::NOK);
    let order = order.merchant_reference("o").build();
    let call = payments
        .create_session()
        .order(order)
        .url(url())
        .profile_id("default");
    round
        .trip(
            call.build(),
            SessionCreated::builder().id(SessionId::new("s")).build(),
        )
        .await;
    round
        .trip(
            payments.pay_session().build(),
            PaySessionResponse::builder()
                .id(TransactionId::new("t"))
                .amount(Amount::minor(1))
                .currency(Currency::NOK)
                .status("CAPTURED")
                .success(true)
                .build(),
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
            SessionCreated::builder().id(SessionId::new("s")).build(),
        )
        .await;

    let (id, session) = (
        SessionId::new("s"),
        SessionCreatedSession::builder()
            .id(SessionId::new("s"))
            .build(),
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
    let transaction = Transaction::builder()
        .id(TransactionId::new("t"))
        .amount(Amount::minor(1))
        .currency(Currency::NOK)
        .status("CAPTURED")
        .build();
    let answer = || transaction.clone();
    round
        .trip(
            payments.list_transactions().build(),
            vec![answer(), answer()],
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
    round
        .trip(call, ApprovalsPayoutDestinationList::builder().build())
        .await;
    let call = payments.create_seller_approval().payout_destination_id("p");
    let account = ApprovalsBankAccount::builder().bank_account_currency("NOK");
    let account = account.payout_currency("NOK").build();
    let call = call.payout_reference("r").bank_accounts([account]).build();
    round
        .trip(call, ApprovalsPayoutDestinationResponse::builder().build())
        .await;

    let call = payments
        .create_fund_transfer()
        .amount(Amount::minor(1))
        .currency(Currency::NOK);
    let call = call
        .destination_payout_destination_id("d")
        .source_payout_destination_id("s");
    let call = call.fund_transfer_id("f").reference("r").build();
    round
        .trip(call, CreateFundTransferResponse::builder().build())
        .await;
    let id = PayoutDestinationId::new("p");
    let call = payments.get_payout_destination_balances(&id).build();
    round
        .trip(
            call,
            GetPayoutDestinationBalancesResponse::builder().build(),
        )
        .await;
    let call = payments.list_payout_destination_transfers(&id).build();
    round
        .trip(
            call,
            ListPayoutDestinationTransfersResponse::builder().build(),
        )
        .await;
}
