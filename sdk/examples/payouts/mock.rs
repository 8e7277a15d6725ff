//! Responses of the mock: the response to the transfer is lost once, and the retry is confirmed.

use dintero::mock::{self, Fault, Mock, MockResponse};
use dintero::payments::{
    CreateFundTransfer, CreateFundTransferResponse, FundTransfer, GetPayoutDestinationBalances,
    GetPayoutDestinationBalancesResponse, LedgerEntryId, ListPayoutDestinationTransfers,
    ListPayoutDestinationTransfersResponse, PayoutDestinationBalance, PayoutDestinationId,
    PayoutDestinationTransfer,
};
use dintero::{Amount, Currency};

pub(crate) fn rules(mock: &Mock) {
    let balance = mock::value(|balance: &mut PayoutDestinationBalance| {
        balance.amount = Some(Amount::minor(120_000));
        balance.currency = Some(Currency::NOK);
        balance.payout_destination_id = Some(PayoutDestinationId::new("seller-1"));
    });
    mock.on::<GetPayoutDestinationBalances>().value(mock::value(
        |balances: &mut GetPayoutDestinationBalancesResponse| {
            balances.payout_destination_balances = [balance].into();
        },
    ));

    mock.on::<CreateFundTransfer>()
        .times(1)
        .fault(Fault::ConnectionReset);
    mock.on::<CreateFundTransfer>().response_with(|call| {
        let sent = call.body.clone();
        let transfer = mock::value(|transfer: &mut FundTransfer| {
            transfer.fund_transfer_id = sent.fund_transfer_id;
            transfer.amount = sent.amount;
            transfer.currency = sent.currency;
            transfer.source_payout_destination_id = sent.source_payout_destination_id;
            transfer.destination_payout_destination_id = sent.destination_payout_destination_id;
        });
        MockResponse::value(&mock::value(|answer: &mut CreateFundTransferResponse| {
            answer.fund_transfer = Some(Box::new(transfer));
        }))
    });

    // Two pages: the second has the token of the first.
    mock.on::<ListPayoutDestinationTransfers>()
        .when(|call| call.page.is_none())
        .value(mock::value(
            |page: &mut ListPayoutDestinationTransfersResponse| {
                page.entries = [entry("inbound", 120_000, "")].into();
                page.next_page_token = Some("page-2".to_owned());
            },
        ));
    mock.on::<ListPayoutDestinationTransfers>()
        .when(|call| call.page.as_deref() == Some("page-2"))
        .value(mock::value(
            |page: &mut ListPayoutDestinationTransfersResponse| {
                page.entries = [entry("transfer", -2_500, "Commission for order 1042")].into();
            },
        ));
}

fn entry(kind: &str, amount: i64, reference: &str) -> PayoutDestinationTransfer {
    mock::value(|entry: &mut PayoutDestinationTransfer| {
        entry.ledger_entry_id = Some(LedgerEntryId::new(format!("{kind}-1")));
        entry.payout_destination_id = Some(PayoutDestinationId::new("seller-1"));
        entry.type_ = Some(kind.into());
        entry.amount = Some(Amount::minor(amount));
        entry.currency = Some(Currency::NOK);
        entry.transfer_reference = Some(reference.to_owned());
    })
}
