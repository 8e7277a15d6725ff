//! What the mock answers: the answer to the transfer is lost once, and what the client sends again is confirmed.

use dintero::mock::{Fault, Mock, Reply};
use dintero::payments::{
    CreateFundTransfer, CreateFundTransferResponse, FundTransferV2, GetPayoutDestinationBalances,
    GetPayoutDestinationBalancesResponse, ListPayoutDestinationTransfers,
    ListPayoutDestinationTransfersResponse, PayoutDestinationBalanceV2,
    PayoutDestinationTransferEntryV2,
};
use dintero::{Amount, Currency};

pub(crate) fn rules(mock: &Mock) {
    let balance = PayoutDestinationBalanceV2::builder()
        .amount(Amount::minor(120_000))
        .currency(Currency::NOK)
        .payout_destination_id("seller-1")
        .build();
    let balances = GetPayoutDestinationBalancesResponse::builder();
    mock.on::<GetPayoutDestinationBalances>()
        .answer(balances.payout_destination_balances([balance]).build());

    mock.on::<CreateFundTransfer>()
        .times(1)
        .fault(Fault::ConnectionReset);
    mock.on::<CreateFundTransfer>().reply_with(|call| {
        let transfer = FundTransferV2::builder()
            .fund_transfer_id(call.fund_transfer_id())
            .amount(call.amount())
            .currency(call.currency().clone())
            .source_payout_destination_id(call.source_payout_destination_id())
            .destination_payout_destination_id(call.destination_payout_destination_id());
        let answer = CreateFundTransferResponse::builder().fund_transfer(transfer.build());
        Reply::value(&answer.build())
    });

    // Two pages: the second is that of the token which the first one names.
    mock.on::<ListPayoutDestinationTransfers>()
        .when(|call| call.page().is_none())
        .answer(
            ListPayoutDestinationTransfersResponse::builder()
                .entries([entry("inbound", 120_000, "")])
                .next_page_token("page-2")
                .build(),
        );
    mock.on::<ListPayoutDestinationTransfers>()
        .when(|call| call.page() == Some("page-2"))
        .answer(
            ListPayoutDestinationTransfersResponse::builder()
                .entries([entry("transfer", -2_500, "Commission for order 1042")])
                .build(),
        );
}

fn entry(kind: &str, amount: i64, reference: &str) -> PayoutDestinationTransferEntryV2 {
    PayoutDestinationTransferEntryV2::builder()
        .ledger_entry_id(format!("{kind}-1"))
        .payout_destination_id("seller-1")
        .type_(kind)
        .amount(Amount::minor(amount))
        .currency(Currency::NOK)
        .transfer_reference(reference)
        .build()
}
