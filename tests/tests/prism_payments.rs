//! Every operation of the Payments API against Prism, a mock server that nobody here wrote.

#![allow(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on says so and fails"
)]

use std::path::Path;

use dintero::payments::{
    AttachmentId, CaptureTransaction, ClientCredentials, CreatePaymentTokenSessionBodySession,
    GetLogosImageTemplate, GetLogosImageVariant, LogoColor, LogoNames, LogoWidth,
    PayExTokenProvider, PayExTokenProviderTokenType, PaymentTokenProvider, PayoutDestinationId,
    ProfileId, ReportRecipient, ReportRecipientKind, SellerBankAccount, SessionId, SessionOrder,
    SessionOrderUpdate, SessionPaymentTokenOrder, SessionUrls, SettlementId,
    SettlementReportConfigurationId, TransactionId,
};
use dintero::{Amount, Client, Currency, ErrorKind, RetryPolicy};
use tests::prism::{self, Prism};
use tests::world::{Seen, World};

fn order() -> SessionOrder {
    let order = SessionOrder::builder()
        .amount(Amount::minor(29990))
        .currency(Currency::NOK);
    order.merchant_reference("order-1").build()
}

fn urls() -> SessionUrls {
    SessionUrls::builder()
        .return_url("https://shop.example.com/thanks")
        .build()
}

fn destination() -> ReportRecipient {
    ReportRecipient::builder()
        .destination_type(ReportRecipientKind::Email)
        .build()
}

#[tokio::test]
async fn every_session_and_transaction_call_passes() {
    let Some(mut world) = World::start("payments.yaml") else {
        return;
    };
    let payments = world.client().payments();
    let mut seen = Seen::default();
    macro_rules! passes {
        ($($call:expr),* $(,)?) => {$(
            let (_, sent) = world.passes($call.send()).await;
            seen.add(&world.document, &sent);
        )*};
    }
    let token_session = CreatePaymentTokenSessionBodySession::builder()
        .url(urls())
        .order(
            SessionPaymentTokenOrder::builder()
                .currency(Currency::NOK)
                .merchant_reference("card-1")
                .build(),
        );
    let card = PayExTokenProvider::builder()
        .token_types([PayExTokenProviderTokenType::PaymentToken])
        .build();
    let account = SellerBankAccount::builder()
        .bank_account_currency(Currency::NOK)
        .payout_currency(Currency::NOK);
    passes!(
        payments
            .create_session()
            .order(order())
            .url(urls())
            .profile_id(ProfileId::new("default")),
        payments.get_session(SessionId::new("S1")),
        payments.update_session(SessionId::new("S1")).order(
            SessionOrderUpdate::builder()
                .amount(Amount::minor(100))
                .build()
        ),
        payments.cancel_session(SessionId::new("S1")),
        payments
            .create_payment_token_session()
            .session(token_session.build())
            .token_provider(PaymentTokenProvider::PayExTokenProvider(card)),
        payments.pay_session(),
        payments.list_transactions(),
        payments.get_transaction(TransactionId::new("T1")),
        payments.update_transaction(TransactionId::new("T1")),
        payments.extend_authorization(TransactionId::new("T1")),
        payments
            .capture_transaction(TransactionId::new("T1"))
            .amount(Amount::minor(29990)),
        payments
            .refund_transaction(TransactionId::new("T1"))
            .amount(Amount::minor(100)),
        payments.void_transaction(TransactionId::new("T1")),
        payments.list_settlements(),
        payments.download_settlement_attachment(SettlementId::new("S1"), AttachmentId::new("A1")),
        payments.list_settlement_report_configurations(),
        payments
            .create_settlement_report_configuration()
            .destinations([destination()])
            .filetypes(["xlsx"])
            .providers(["vipps.payout"]),
        payments.get_settlement_report_configuration(SettlementReportConfigurationId::new(
            "7c1a2f4c-4a3c-4b7e-9a52-0d7f3f0c9b11"
        )),
        payments
            .update_settlement_report_configuration(SettlementReportConfigurationId::new(
                "7c1a2f4c-4a3c-4b7e-9a52-0d7f3f0c9b11"
            ))
            .destinations([destination()])
            .filetypes(["xlsx"])
            .providers(["vipps.payout"]),
        payments.delete_settlement_report_configuration(SettlementReportConfigurationId::new(
            "7c1a2f4c-4a3c-4b7e-9a52-0d7f3f0c9b11"
        )),
        payments.generate_settlement_test_report(),
        payments.list_reports(),
        payments.get_logos_image(
            LogoNames::new("visa"),
            GetLogosImageVariant::Colors,
            LogoColor::new("cecece"),
            LogoWidth::new("500"),
            GetLogosImageTemplate::LogosSvg,
        ),
        payments.get_profile_image(
            ProfileId::new("P1"),
            GetLogosImageVariant::Mono,
            LogoColor::new("cecece"),
            LogoWidth::new("500"),
            GetLogosImageTemplate::DinteroTopFrameSvg,
        ),
        payments.create_token().body(
            ClientCredentials::builder()
                .audience("https://api.dintero.com/v1/accounts/T12345678")
                .build()
        ),
        payments.list_seller_approvals(),
        payments
            .create_seller_approval()
            .bank_accounts([account.build()])
            .payout_destination_id(PayoutDestinationId::new("seller-1"))
            .payout_reference("Seller 1"),
        payments
            .create_fund_transfer()
            .amount(Amount::minor(100))
            .currency(Currency::NOK)
            .source_payout_destination_id(PayoutDestinationId::new("seller-1"))
            .destination_payout_destination_id(PayoutDestinationId::new("seller-2"))
            .fund_transfer_id("transfer-1")
            .reference("correction"),
        payments.get_payout_destination_balances(PayoutDestinationId::new("seller-1")),
        payments.list_payout_destination_transfers(PayoutDestinationId::new("seller-1")),
    );
    seen.is_all_of(&world.document);
}

#[tokio::test]
async fn documented_failures_of_a_capture_become_the_right_errors() {
    let Some(world) = World::start("payments.yaml") else {
        return;
    };
    let payments = world.client().payments();
    let kinds = [
        (400, ErrorKind::BadRequest),
        (401, ErrorKind::Unauthorized),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (500, ErrorKind::Server),
    ];
    for (status, kind) in kinds {
        world.recorder.prefer(Some(&format!("code={status}")));
        let call = payments
            .capture_transaction(TransactionId::new("T1"))
            .amount(Amount::minor(100));
        let error = call.send().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status().unwrap().as_u16()),
            (kind, status),
            "{error:?}"
        );
        assert!(error.error_body::<CaptureTransaction>().unwrap().is_ok());
    }
}

/// The first page as a list asks for it, and the second one with the cursor that Prism made up.
#[tokio::test]
async fn every_list_asks_for_its_pages_as_described() {
    let Some(mut world) = World::start("payments.yaml") else {
        return;
    };
    let payments = world.client().payments();
    macro_rules! lists {
        ($($list:expr => $cursor:expr),* $(,)?) => {$(
            let mut pages = $list.pages();
            let mut queries = Vec::new();
            for _ in 0..2 {
                // Prism gives every page the same cursor, so the second one leads back.
                let page = pages.try_next().await;
                world.prism.alive().unwrap();
                for sent in world.recorder.take() {
                    assert_eq!(world.document.check(&sent), [""; 0]);
                    let query = sent.target.split_once('?').map_or("", |(_, query)| query);
                    queries.push(query.to_owned());
                }
                if let Err(error) = page {
                    assert_eq!(error.kind(), ErrorKind::Pagination, "{error}");
                }
            }
            assert!(queries.len() >= 2 && queries[0].is_empty(), "{queries:?}");
            for name in $cursor {
                assert!(queries[1].contains(&format!("{name}=")), "{queries:?}");
            }
        )*};
    }
    lists!(
        payments.list_transactions() => ["starting_after"],
        payments.list_settlements() => ["starting_after_id", "starting_after_date"],
        payments.list_settlement_report_configurations() => ["starting_after"],
        payments.list_reports() => ["starting_after"],
        payments.list_payout_destination_transfers(PayoutDestinationId::new("seller-1")) => ["page"],
    );
}

#[tokio::test]
async fn prism_takes_the_documents_as_they_stand() {
    let Some(command) = prism::command() else {
        println!("not run: Prism is not installed; `cargo xtask test` installs it");
        return;
    };
    for document in ["payments.yaml", "checkout.yaml"] {
        let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec")).join(document);
        let mut prism = Prism::start(&command, &path).unwrap();
        let limit = std::time::Duration::from_secs(300);
        let client = Client::builder()
            .account("T12300000".parse().unwrap())
            .bearer_token("token")
            .api_key("key")
            .timeout(limit)
            .retry(RetryPolicy::none().deadline(limit))
            .base_url(format!("http://{}", prism.address()))
            .build()
            .unwrap();
        // Without the header that takes a list: Prism dies where the document says that it is one.
        if document == "payments.yaml" {
            let session = client
                .payments()
                .create_session()
                .order(order())
                .url(urls());
            session
                .profile_id(ProfileId::new("default"))
                .send()
                .await
                .unwrap();
            // Every page of Prism is the same, as the README says.
            let mut transactions = client.payments().list_transactions().items();
            let end = loop {
                match transactions.try_next().await {
                    Ok(Some(_)) => {}
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                }
            };
            let end = end.unwrap().to_string();
            assert!(
                end.contains("a page has the cursor of an earlier page"),
                "{end}"
            );
        } else {
            let configuration = dintero::checkout::SessionConfiguration::builder();
            let session = client
                .checkout()
                .create_session()
                .order(order())
                .url(urls());
            session
                .configuration(configuration.build())
                .send()
                .await
                .unwrap();
        }
        prism.alive().unwrap();
    }
}
