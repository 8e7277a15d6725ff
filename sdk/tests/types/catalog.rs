//! Every generated type that can be read, and every operation.
//!
//! `DINTERO_WRITE_CATALOG=1 cargo test -p dintero --all-features --test types catalog` writes this file.
//! If it names a type that is gone, empty the braces below first.

#![allow(deprecated, reason = "what is deprecated is looked at as well")]

use crate::entry::{Call, Entry, catalog};

catalog! {
    checkout {
        AccountId Address AllowDifferentBillingShippingAddressConfigurationAllowDifferentBillingShippingAddress
        AmountLimitLimit AmountLimitLteRule ApiKeyId ApiKeyRead AuthenticationOperation BamboraConfiguration
        BamboraConfigurationApplepay BamboraConfigurationApplepayType BamboraConfigurationCreditcard
        BamboraConfigurationType BamboraGwRead BamboraPaymentOperation BamboraPaymentOperationContentType
        BamboraPaymentOperationSession Card CardAcquirerTransactionType CardAuthenticationStatus CardEntryMethod
        CardHolderTokenizationConsent CardProductPlatform CardRegion CardToken CardTokenCardBrand CardTokenId
        CardTokenLink CardTokenStatus CardTokenType CardType Channel CheckGatewayStatusGateway
        CheckGatewayStatusResponse Checkbox CheckboxLink CheckoutConfigCredentials CheckoutGateways
        CheckoutGatewaysCollector CheckoutGatewaysCollectorOptions CheckoutGatewaysCollectorOverrides
        CheckoutGatewaysNetaxept CheckoutGatewaysNetaxeptOverrides CheckoutGatewaysPayex
        CheckoutGatewaysPayexOverrides CheckoutGatewaysPayexOverridesVersions CheckoutGatewaysSantander
        CheckoutGatewaysSantanderOverrides CheckoutGatewaysSwish CheckoutGatewaysSwishOverrides CheckoutGatewaysVipps
        CheckoutGatewaysVippsOverrides CheckoutPaymentOption CheckoutPaymentOptionDetails CheckoutPaymentOptionType
        CheckoutPayoutProduct CheckoutPayoutProductName CheckoutPayoutSettings CheckoutSettings CollectorB2bAddress
        CollectorB2bPaymentOperationAddress CollectorConfiguration CollectorConfigurationFinance
        CollectorConfigurationInstallment CollectorConfigurationInstallmentOptions CollectorConfigurationInvoiceB2b
        CollectorConfigurationInvoiceB2bOptions CollectorConfigurationInvoiceB2bPreapproved
        CollectorConfigurationInvoiceB2bPreapprovedAccount CollectorCredentialOptions CollectorCredentialPromoteType
        CollectorCustomerClient CollectorGwCredential CollectorGwCredentialData CollectorGwStore
        CollectorGwStoreOverrideRead CollectorGwStoreOverrideReadStore CollectorInstallmentPaymentOperation
        CollectorProduct CollectorProductType CollectorScaAmountLimit CollectorScaAmountRule
        CollectorScaLiabilityRules CollectorScaPolicy CollectorSegment CountryConfigurationCountries
        CreateApiKeyResponse CreateCreditCheckBodyCheckType CreateCreditCheckResponse CreateCreditCheckResponseResult
        CreateCreditCheckResponseResultStatus CreatePaymentOperationsPaymentProductType
        CreateTerminalOperationBodyOperation CredentialResponse CreditCheckId CreditProvider
        DeleteCardTokenBodyRequestor DinteroConfiguration DinteroConfigurationExternal
        DinteroConfigurationExternalDisplay DinteroConfigurationExternalDisplayContent
        DinteroConfigurationExternalDisplayTerm DinteroPaymentOptionScaPolicy
        DinteroPaymentOptionScaPolicyNetworkExemptions DinteroPspConfiguration DinteroPspConfigurationApplepay
        DinteroPspConfigurationApplepayDetails DinteroPspConfigurationClicktopay DinteroPspConfigurationCreditcard
        DinteroPspConfigurationCreditcardGeneratePaymentTokenConfig DinteroPspConfigurationVipps DinteroPspGwRead
        DinteroPspTokenAuthMethod DiscountItem DiscountType DiscountsConfigurationDiscounts
        DiscountsConfigurationDiscountsExpressDiscountCodes DiscountsConfigurationDiscountsOrder
        DiscountsConfigurationDiscountsType Emd EmdAirReservationDetails EmdAirReservationDetailsItinerary
        EmdBusReservationDetails EmdBusReservationDetailsItinerary EmdCarRentalReservationDetails
        EmdCarRentalReservationDetailsItinerary EmdCustomerAccountInfo EmdEvent EmdEventArenaLocation
        EmdFerryReservationDetails EmdFerryReservationDetailsItinerary EmdHotelReservationDetails
        EmdHotelReservationDetailsItinerary EmdMarketplaceAccountLastModified EmdMarketplaceOrder
        EmdMarketplaceSellerInfo EmdMarketplaceSellerInfoUniqueAccountIdentifierSeller EmdMarketplaceWinnerInfo
        EmdRecurring EmdSubscription EmdTrainReservationDetails EmdTrainReservationDetailsItinerary EmdTravel
        EmdTravelInsurance EmdTravelInsuranceType EmdTravelPassenger EmdTravelPassengerTitle ErrorBody ErrorDetails
        Express ExpressDiscountCodes ExpressShippingMode FeatureToggle GatewayApiVersion
        GetCheckoutConfigurationInclude GetCheckoutConfigurationResponse GetCheckoutSessionResponse Giftcard
        GiftcardType HandleTransactionEventIntent InstabankApplicationDebtType InstabankApplicationMaritalStatus
        InstabankConfiguration InstabankConfigurationFinance InstabankConfigurationInstallment
        InstabankConfigurationInvoice InstabankConfigurationPostponement InstabankFinanceProduct InstabankGwRead
        InstabankGwReadPaymentProductCodes InstabankInstallmentProduct InstabankInvoiceProduct
        InstabankPostponementProduct InvoiceDeliveryMethod KlarnaConfiguration KlarnaCredentialPromoteType
        KlarnaCredentialPromoteValue KlarnaGwCredential KlarnaGwCredentialData KlarnaGwRead KlarnaPaymentOperation
        KlarnaPaymentOperationContentType KlarnaPaymentOperationMethod KraviaConfiguration
        KraviaConfigurationInvoiceB2b KraviaConfigurationInvoiceB2bGrouped
        KraviaConfigurationInvoiceB2bGroupedInvoiceSchedule
        KraviaConfigurationInvoiceB2bGroupedInvoiceScheduleInterval ListProfilesResponse LoanExample Merchant
        MetadataMetadata Method MissingSessionDetails MissingSessionMerchant MultiShipmentItem
        MultiShipmentShippingOption MultiShipmentShippingOptionDeliveryMethod
        MultiShipmentShippingOptionEnvironmentalData MultiShipmentShippingOptionEnvironmentalDataDetail
        MultiShipmentShippingOptionEta MultiShipmentShippingOptionPayInStore MultiShipmentShippingOptionPayInStoreType
        MultiShipmentShippingOptionPickUpAddress MultiShipmentShippingOptionTimeSlot
        MultiShipmentTopLevelShippingOption MyDinteroUserCreation MyDinteroUserCreationAction
        MyDinteroUserCreationTerms NetaxeptConfiguration NetaxeptConfigurationCreditcard
        NetaxeptConfigurationCreditcardTerminal NetaxeptConfigurationCreditcardTerminalTerminal NetaxeptGwRead
        OpeningHours OpeningHoursPeriod OrderAddress OrderItemGroup OrderItemType PayExConfiguration
        PayExConfigurationCreditcard PayExGwCredential PayExGwCredentialData PayExGwOverrideRead PayExPaymentId
        PayExV3ClickToPayPaymentOperation PayExV3ClickToPayPaymentOperationContentType
        PaymentConfigurationActivePaymentTypes PaymentConfigurationDefaultPaymentType PaymentOperation
        PaymentOperationIntent PaymentOperationsResponse PaymentResponse PaymentResponseAction
        PaymentResponseActionType PaymentResponseErrorDetail PaymentResponseErrorDetailCategory PayoutConfiguration
        PayoutConfigurationDynamicPayoutDestinationId PayoutConfigurationDynamicPayoutDestinationIdType
        PayoutConfigurationPaymentProduct PayoutConfigurationPaymentProductPaymentProduct PayoutFeeSplit
        PayoutFeeSplitType PayoutSplit PlatformType ProfileConfiguration ProfileConfigurationConfiguration
        ProfileConfigurationUrl ProfileId PublishConfiguration PublishConfigurationChannel PublishConfigurationStatus
        PublishConfigurationType QrCode QrOptionsFormat RequestHeaders SantanderConfiguration
        SantanderConfigurationDebitAccount SantanderConfigurationDebitAccountAccount SantanderGwStoreOverrideRead
        ScaRule Segment SeitatechConfiguration SendSccPaymentOperation Session SessionConfiguration
        SessionConfigurationTheme SessionCreated SessionCreatedSession SessionCreatedSessionConfiguration
        SessionCreatedSessionCustomer SessionCreatedSessionOrder SessionCustomer SessionEvent SessionEventDetails
        SessionEventDetailsBambora SessionEventDetailsGiftCard SessionEventDetailsKlarna
        SessionEventDetailsUpdatedExpressResult SessionEventDetailsUpdatedExpressResultStatus SessionEventName
        SessionExpress SessionExpressExpress SessionId SessionLock SessionLockPayLock SessionNotFound
        SessionNotFoundError SessionNotFoundErrorCause SessionOperationsOperation SessionOperationsOperationRel
        SessionOrder SessionOrderItem SessionPayPollStatus SessionPayability SessionReadConfigurationMerchant
        SessionReadCustomerGiftCards SessionReadCustomerGiftCardsDinteroWallet SessionReadCustomerTokens
        SessionReadCustomerTokensBamboraCreditcard SessionReadMetadata SessionUrls SetSessionAddressesResponse
        SettlementReferenceFields SettlementStatus ShippingOption SignatureV0 SignatureV0Signature
        SignatureV0SignatureType Store SwishConfiguration SwishConfigurationSwish SwishGwStoreOverrideRead
        SwishPaymentRequestId SystemRequestHeaders TerminalCommand TerminalId TerminalOperation TerminalOperationId
        TerminalOperationParameters TerminalOperationResult TerminalOperationStatus TicketDeliveryMethod Transaction
        TransactionCustomer TransactionEvent TransactionEventCorrection TransactionEventError
        TransactionEventErrorRetryPolicy TransactionEventErrorRetryPolicyRetryCode TransactionEventErrorType
        TransactionEventGiftCard TransactionEventItem TransactionEventKind TransactionEventMetadata
        TransactionEventMetadataKlarnaOrderAmountUpdateCanRetry TransactionEventMetadataPayexTransactionNumber
        TransactionEventMetadataVippsTransactionInfoStatus TransactionId TransactionMetadata
        TransactionMetadataKlarnaAuthorizedPaymentMethodFraudStatus
        TransactionMetadataKlarnaAuthorizedPaymentMethodType TransactionMetadataPayout
        TransactionMetadataVippsMerchantInfoPaymentType TransactionPaymentProduct TransactionPaymentProductType
        TransactionSettlementsEvent TransactionSettlementsRead TransactionStatus TransactionUrl TwoConfiguration
        TwoConfigurationInvoiceB2b TwoConfigurationInvoiceB2bDurationDays VerifiedIdentity VerifiedIdentityType
        ViewPaymentOperation ViewSessionUpdateGiftcardsGiftCardType VippsConfiguration VippsGwStoreOverrideRead
    } [
        AbandonSession AddSettlementEvents CheckGatewayStatus ConfigureBamboraGateway ConfigureCollectorGateway
        ConfigureDinteroPspGateway ConfigureInstabankGateway ConfigureKlarnaGateway ConfigureKraviaGateway
        ConfigureNetaxeptGateway ConfigurePayexGateway ConfigureSantanderGateway ConfigureSwishGateway
        ConfigureTwoGateway ConfigureVippsGateway CreateApiKey CreateCreditCheck CreatePaymentOperations CreateProfile
        CreateSession CreateSignatureSecret CreateTerminalOperation DeleteApiKey DeleteCardToken DeleteProfile
        GenerateSessionQrCode GetCardToken GetCheckoutConfiguration GetCheckoutSession GetPayexPaymentStatus
        GetProfile GetSignatureSecret GetSwishPaymentStatus HandleTransactionEvent ListApiKeys ListCardTokens
        ListProfiles ListSessions ListTerminalOperations LockSession OverrideCollectorGateway OverrideNetaxeptGateway
        OverridePayexGateway OverrideSantanderGateway OverrideSwishGateway OverrideVippsGateway PaySession
        RotateApiKey SaveCollectorCredentials SaveKlarnaCredentials SavePayexCredentials SendConfirmationCode
        SetSessionAddresses SetSessionDiscountCodes SetSessionGiftCards SetSessionShippingAddress
        SetSessionShippingOption UpdateCheckoutConfiguration UpdateProfile
    ]
    checkout_gateway {
        CallbackRef ReceivePayexCallbackPaymentProductType RedirectRef ReturnFromBamboraAction ReturnFromPayexAction
        ReturnFromTwoAction SwishPaymentCallbackStatus SwishRefundCallbackStatus ViewNetaxeptPaymentLanguage
        ViewSessionUi VippsCallbackTransactionInfoStatus VippsOrderId
    } [
        ReceiveBamboraCallback ReceiveCollectorFraudDecision ReceiveCollectorSignIn ReceiveCollectorTestSignIn
        ReceiveNetaxeptWebhook ReceivePayexCallback ReceivePayexV3Callback ReceiveSwishPaymentCallback
        ReceiveSwishRefundCallback ReceiveTwoCallback ReceiveVippsCallback ReturnFromBambora ReturnFromCollector
        ReturnFromDintero ReturnFromDinteroPsp ReturnFromKlarna ReturnFromNetaxept ReturnFromPayex ReturnFromPayexV3
        ReturnFromProvider ReturnFromSantander ReturnFromSwish ReturnFromTwo ViewNetaxeptPayment ViewSession
        ViewVippsPayment
    ]
    customers {
        AccessToken AccessTokenType AddressValidationResult AuthIdentType AuthType AutoTokenType ChallengeType
        ChannelConsent Communication CommunicationChannel CommunicationChannels CommunicationChannelsPhoneNumber
        CompanyDepartments ContactFor Country Customer CustomerAddress CustomerAddressType CustomerCompany CustomerId
        CustomerIdFormat CustomerTag CustomerTerm CustomerToken CustomerTokenId CustomerType CustomersMfaSettings
        CustomersMfaSettingsLogin CustomersSettings CustomersSettingsAttribute CustomersSettingsAttributeType
        CustomersSettingsAutoTokens CustomersSettingsTokens CustomersSettingsTokensEventExpiry CustomersSettingsUsers
        CustomersSettingsUsersHead EnrolledBy Entity GetOrganizationResponse HmacSha256 ListCustomersType LocationId
        MarketingConsent MarketingConsentSms MfaChallenge MfaChallengeLink MfaChallengeLinkRel MfaRecoveryChallenge
        MfaRecoveryChallengeBindingMethod MfaRecoveryChallengeLink MfaRecoveryChallengeLinkRel OobChannel Organization
        OrganizationMatch OrganizationNumber OrganizationSubunit PhoneNumberValidation PostalCode PostalPlaceResult
        SalesLocation SalesLocationDataAddress Sha256 TagId TermsAndConditions TermsId TokenDetail TokenEvent
        TokenEvents UserVerifications UserVerificationsPhoneNumber VerifyCustomerOperation
    } [
        ChangeCustomerId CheckCustomer CreateCustomer CreateCustomerToken CreateLocation CreateTag CreateTerms
        DeleteCustomer DeleteCustomerToken DeleteLocation DeleteTag DeleteTerms DeleteTokenEvents GetCustomer
        GetCustomerVerification GetLocation GetOrganization GetPostalPlace GetSettings GetTerms ListCustomerTags
        ListCustomerTokens ListCustomers ListDepartments ListLocations ListOrganizationSubunits ListTags ListTerms
        ListTokenEvents Login LookupToken SearchOrganizations SendPasswordReset SetCustomerTags StartMfaLogin
        StartMfaRecovery UpdateCustomer UpdateLocation UpdateSettings ValidateAddress VerifyCustomer
    ]
    discounts {
        Automation AutomationAction AutomationDataLimitation AutomationDataRequirement AutomationDataRequirementEvent
        AutomationId BaseRequirementItem BonusItem BookedCustomerDiscount Campaign CampaignId CardInfo
        ChannelConsentRequirement Claim ClaimDiscount ClaimDiscountRef ClaimId CustomerDiscount CustomerRequirement
        CustomerRequirementAddress CustomerRequirementCompany CustomerRequirementEnrolledBy CustomerRequirementTerm
        CustomerUsageStatistics DeletedCustomerDiscount Dimension Discount DiscountActivation DiscountActivationType
        DiscountCustomer DiscountDay DiscountHour DiscountHours DiscountId DiscountKind DiscountMatch
        DiscountMatchGroupBy DiscountRef DiscountRefId DiscountRefItem DiscountRefStatistics DiscountUsage
        DiscountWithStatistics EventKind ExtraInfo ExtraInfoValueType InfoCodeItem Item ItemMixProperty
        ItemMixPropertyItem Limitation LimitationDiscountCombination LimitationDiscountEligible Link
        ListAutomationsState ListCampaignsState ListDiscountCustomersState ListDiscountsInclude ListDiscountsState
        MarketingConsentRequirement MarketingConsentRequirementSms PaymentItem PublicDiscount Receipt
        ReceiptChannelConsent ReceiptCustomer ReceiptCustomerAddress ReceiptCustomerCompany ReceiptCustomerEnrolledBy
        ReceiptCustomerTerm ReceiptCustomerToken ReceiptCustomerType ReceiptDelivery ReceiptDiscount
        ReceiptEntryStatus ReceiptId ReceiptItem ReceiptItemGroup ReceiptMarketingConsent ReceiptMarketingConsentSms
        Requirement Reward RewardBase RewardEffect RewardType RewardValue RewardValueItem SearchDiscountsBodyGroupBy
        SearchDiscountsBodyInclude SearchDiscountsResponse StoreRequirement StoreRequirementAddress
        StoreRequirementMccRange TaxItem UsageRef UsageStatistics
    } [
        AddCustomerDiscountUsage AddDiscountCustomers CreateAutomation CreateCampaign CreateClaim CreateDiscount
        DeleteAutomation DeleteCampaign DeleteCustomerDiscount DeleteDiscount FindReceiptDiscounts GetAutomation
        GetCampaign GetClaim GetCustomerDiscount GetDiscount ListAutomations ListCampaigns ListClaims
        ListCustomerDiscounts ListDiscountCustomers ListDiscountUsages ListDiscounts ListPublicDiscounts ReleaseClaim
        RemoveDiscountCustomers SearchDiscounts SendEvent UpdateCampaign UpdateDiscount
    ]
    hooks {
        AccountEvent AccountEventName AccountPayoutDestinationAddEvent AccountPayoutDestinationAddEventName
        AccountPayoutDestinationDeleteEvent AccountPayoutDestinationDeleteEventName
        AccountPayoutDestinationUpdateEvent AccountPayoutDestinationUpdateEventName AccountStoreAddEvent
        AccountStoreAddEventName AccountStoreDeleteEvent AccountStoreDeleteEventName AccountStoreUpdateEvent
        AccountStoreUpdateEventName ApprovalPayoutDestinationDeleteEvent ApprovalPayoutDestinationDeleteEventName
        ApprovalPayoutDestinationUpdateEvent ApprovalPayoutDestinationUpdateEventName ArchivedSellerApprovalCase
        ArchivedSellerApprovalStatus Authorization Aws4HmacSha256 CddCaseUpdateEvent CddCaseUpdateEventName Delivery
        DeliveryDetails DeliveryId DeliveryOutcome DeliveryRequest DeliveryRequestHeaders DeliveryResponse
        EventAccount EventAccountApplicant EventAccountApplicantAgreement EventAccountApplicantAgreementAttachment
        EventAccountApplicantUtm EventAccountCompany EventAccountCompanyAddress EventAccountCompanyBranding
        EventAccountJwks EventSeller EventSellerBankAccount EventSellerIndividual EventStore
        EventStoreOperatorPayoutDestination EventStoreOperatorPayoutDestinationType EventStoreTerminal HmacSha1
        OtherEvent PayoutDestinationId PingEvent ReceiptAddEvent ReceiptAddEventName ReceiptAddEventReceipt
        SellerApprovalCase SellerApprovalStatus Subscription SubscriptionConfig SubscriptionConfigContentType
        SubscriptionEvent SubscriptionId SubscriptionSecret TokenEvent TokenEventName TokenEventToken
    } [
        CreateSubscription DeleteSubscription GetDelivery GetSubscription ListDeliveries ListSubscriptions
        PingSubscription
    ]
    insight {
        AggregateFunction CheckoutKpi CheckoutKpiValue CheckoutTransactionEvent CheckoutTransactionKpi
        CheckoutTransactionKpiInterval CheckoutTransactionKpiValue CheckoutTransactionStatus ErrorBody ErrorDetails
        Interval KpiField KpiName KpiTransactionStatus ReportConfiguration ReportConfigurationId ReportContentType
        ReportDataType ReportFilter ReportFilterColumn ReportLanguage ReportParams ReportSchedule
    } [
        CreateReportConfiguration GenerateReport ListCheckoutKpis ListCheckoutTransactionEventKpis
        ListCheckoutTransactionStatusKpis UpdateReportConfiguration
    ]
    management {
        Account AccountApplicant AccountApplicantAgreement AccountApplicantAgreementAttachments
        AccountAssetRequestAccess AccountAssetRequestMimeType AccountAssetResponse AccountBilling
        AccountCheckoutGateway AccountCheckoutGatewayProgression AccountCompany AccountCompanyBranding
        AccountCompanyContact AccountCompanyTerm AccountConnectionEvent AccountConnectionEventStatus
        AccountConnections AccountConnectionsPayex AccountEvent AccountEventComment AccountEventCommentVisibility
        AccountEventStatistics AccountJwksJwks AccountMonthlyStatistics AccountMonthlyStatisticsCheckout
        AccountMonthlyStatisticsShopping AccountPricePackagesPricePackage AccountPrivateDetailsAccountManager
        AccountPrivateDetailsStatistics AccountProgression AccountSandboxSettings AccountSandboxSettingsStatus
        AccountService AccountServiceProgression AccountServices AccountSignupPreFillRequest AccountStore
        AccountStoreCoordinates AccountStoreOperatorPayoutDestination AccountStoreTerminalsSummary AccountUserConfig
        AccountUserConfigMfa AccountUserConfigMfaSms AccountUserConfigMfaTotp
        AccountUserCreateRequestAuthenticationType AccountUserId AccountUserResponse ApiClientId ApprovalStatus
        ApprovalsBankAccount ApprovalsBankAccountNumberType ApprovalsLink ApprovalsLinkRel ApprovalsPaymentMethod
        ApprovalsPaymentProduct ApprovalsPaymentResponse AuditEvent AuthChallengeOobChannel AuthPayoutDestination
        AuthPayoutDestinationType AuthRole AuthUser AuthUserLink AuthUserMfa AuthenticatedAccountUser
        AuthenticatedAccountUserAccounts AuthenticatedAccountUserUser AuthorizePasswordlessResponseType
        AuthorizePasswordlessScope BamboraConnection BamboraConnectionCallbackPaymentOptionsType
        BamboraConnectionConfiguration BamboraConnectionDirectSignup BamboraConnectionSignup
        BamboraConnectionSignupApplicant BamboraConnectionSignupOwnership BamboraConnectionSignupOwnershipOwners
        BamboraConnectionSignupPaymentOptions BamboraConnectionSignupPaymentOptionsType BamboraConnectionSignupRevenue
        BamboraConnectionSignupSignature BamboraConnectionSignupSignatureSignatures
        BamboraConnectionSignupVerifications BamboraIppSubmerchant BamboraIppSubmerchantRequestData BindingMethod
        ChallengeResponse ChallengeType CheckoutAccountService CheckoutAccountServiceGateways
        CheckoutAccountServiceGatewaysPayex CheckoutAccountServiceStatus Client ClientWithSecret CollectorConnection
        CollectorConnectionCallbackPaymentOptions CollectorConnectionCallbackPaymentOptionsType
        CollectorConnectionConfiguration CollectorConnectionConfigurationPaymentOptions
        CollectorConnectionConfigurationPaymentOptionsType CommonConnection CommonConnectionSignup
        CommonConnectionSignupApplicant CommonConnectionSignupOwnership CommonConnectionSignupOwnershipOwners
        CommonConnectionSignupPaymentOptions CommonConnectionSignupPaymentOptionsType CommonConnectionSignupStoreType
        CommonConnectionSignupVerifications CommonSignupBankAccount CommonSignupBankAccountNumberType
        CommonSignupCompany CommonSignupCompanyCategory CommonSignupCompanyIndustry CommonSignupInstabank
        CommonSignupPaymentMethods ConnectionCallbackReference ConnectionPaymentOption CreateCommonSignupLinkResponse
        CreateConnectionEventConnection CreateFundTransferResponse CreatePartnerOnboardingLinkResponse
        EmailAuthorizedUser ExtendedAccount ExtendedAccountProgression FormSubmitter GetPricePackageResponse Grant
        GrantId GrantOidc GrantType Individual InstabankConnection InstabankConnectionConfiguration
        InstabankConnectionConfigurationPaymentOptions InstabankConnectionConfigurationPaymentOptionsType
        InstabankConnectionConfigurationPaymentProductCodes InstabankConnectionSignup KlarnaConnection
        KlarnaConnectionConfiguration KlarnaConnectionConfigurationCredential ListAccountEventsType
        ListBamboraIppSubmerchantsResponse ListPaymentApprovalsResponse ListPayoutDestinationsResponse
        ListPricePackagesResponse ListStoresResponse ListTerminalsInclude ListTerminalsResponse ListUsersExpand
        Mastercard3dsConnection Mastercard3dsConnectionConfiguration MastercardTokenizationConnection
        MastercardTokenizationConnectionConfiguration MastercardTokenizationConnectionSignup MatchPossibleMatch
        MatchSearchResponse MatchTerminatedMerchant MatchTerminatedMerchantAddress MatchTerminatedMerchantDetails
        OidcAccessToken OidcAccessTokenUserInfo OidcTokenRequestGrantType OwnershipStructure PasswordLessSend
        PasswordLessType PasswordlessCodeResponse PayExConnection PayExConnectionCallbackPaymentOptions
        PayExConnectionCallbackPaymentOptionsType PayExConnectionConfiguration PayExConnectionSignup
        PayExConnectionSignupContact PaymentOption PayoutDestinationBankAccount PayoutDestinationOrganization
        PayoutIntervalType PricePackage PricePackageId PricePackagePrice PricePackagePriceAmount
        PricePackagePriceDimension PricePackageProduct PublicKey PublicKeyKty PublicKeyUse RecoveryResponse
        RedirectRequestClaim RedirectResponse RegisteredCollectorSignup RegisteredKlarnaSignup
        RegisteredMastercardSignup RegisteredSwishSignup RegisteredSwishSignupData RegisteredTwoSignup RoleId
        SellerApprovalId ServiceProgression SignupPrefillAcceptResponse SignupPrefillId SignupStoreType
        StoreConfiguration StoreConfigurationAutoEndOfDay StoreId StoreOrganization StorePayoutDestination
        Subscription SubscriptionInterval SubscriptionPlan SubscriptionSupport SwishConnection
        SwishConnectionCallbackPaymentOptions SwishConnectionCallbackPaymentOptionsType SwishConnectionConfiguration
        SwishConnectionSignup SwishConnectionSignupPaymentOptions Terminal TerminalStore TerminalSummary
        TerminalSummaryStatus TerminateMatchMerchantResponse TwoConnection TwoConnectionConfiguration
        UpdateAccountPricePackagesResponse UpdateTerminalBodyDeviceModel Username UtmCampaign VippsConnection
        VippsConnectionConfiguration VippsConnectionPaymentOption VippsConnectionPaymentOptionType
        VippsConnectionSignup VippsConnectionSubscriptionKey VmssMatchedRecord VmssMerchantAddress VmssPossibleMatches
        VmssPrincipal VmssSearchResponse VmssSearchResult VmssTerminatedRecord WallmobSignupMerchantType
    } [
        AcceptSignupPrefill ArchiveSellerApproval AuthorizeOidc AuthorizePasswordless ChangePassword ChangeUsername
        CompleteBamboraConnection CompleteCollectorConnection CompleteInstabankConnection CompletePayexConnection
        CompleteSwishConnection CompleteVippsConnection CreateAccount CreateAccountEvent CreateAsset CreateAuthUser
        CreateBamboraConnection CreateClient CreateCommonConnection CreateCommonSignupLink CreateConnectionEvent
        CreateFundTransfer CreateGrant CreateKlarnaConnection CreateMastercard3dsConnection
        CreateMastercardTokenizationConnection CreateOidcToken CreatePartnerOnboardingLink CreatePasswordlessCode
        CreatePaymentApproval CreatePayout CreatePayoutDestination CreateRole CreateSignup CreateSignupPrefill
        CreateStore CreateSwishConnection CreateSwishPayfacConnection CreateTask CreateTerminal CreateTwoConnection
        CreateUser DeleteGrant DeleteRole DeleteStore DeleteUser ExchangeToken GetAccount GetAuthenticatedUser
        GetBamboraConnection GetClient GetCollectorConnection GetMastercard3dsConnection GetPayoutDestination
        GetPricePackage GetSandboxSettings GetSettings GetSignupPrefill GetStore GetTerminal GetVippsConnection
        ListAccountEvents ListAccounts ListBamboraIppSubmerchants ListClients ListGrants ListKeys ListPaymentApprovals
        ListPayoutDestinations ListPricePackages ListRoles ListStores ListTerminals ListUserActivities ListUsers
        RedirectWithIdToken RequestMfaChallenge RequestMfaRecovery RestartVippsConnection RevokeTokenCall
        RotateClientSecret SearchMatch SearchVmss SendPasswordlessCode SetAuthUserPassword SyncTerminal
        TerminateMatchMerchant TerminateVmssMerchant UpdateAccount UpdateAccountPricePackages UpdateClient UpdateGrant
        UpdatePayexOverrides UpdatePricePackage UpdateRole UpdateSettings UpdateSmsMfa UpdateStoreConfiguration
        UpdateTerminal UpdateUser VerifySignup
    ]
    orders {
        Address ApiCall ApiEvent CancellationId CompleteDraftOrderResponse Customer CustomerCompany CustomerEnrolledBy
        CustomerMarketingConsent CustomerMarketingConsentEmail CustomerTerm DraftItem DraftItemRelatedItem DraftOrder
        DraftOrderId DraftedOrder LineId Link ListAuthorizationsResponse ListCancellationsResponse
        ListCapturesResponse ListDraftOrdersResponse ListDraftOrdersStatus ListOrderEventsResponse ListRefundsResponse
        Order OrderEvent OrderId OrderPaymentStatus OrderSession OrderSessionId OrderState OrderStatus
        OrderStatusEvent OrderStatusEventRequest OrderStatusEventState OrderStatusEventType PaymentDetails
        PaymentDetailsCard PaymentOperation PaymentOperationItem Payout PayoutDestination SessionItem TaxLine
    } [
        AddDraftOrderItem CompleteDraftOrder CreateAuthorization CreateCancellation CreateCapture CreateDraftOrder
        CreateOrderEvent CreateOrderSession CreateRefund GetCancellation GetDraftOrder GetOrderSession GetStoreOrder
        ListAuthorizations ListCancellations ListCaptures ListDraftOrders ListOrderEvents ListRefunds ListStoreOrders
        OpenOrder RemoveDraftOrderItem
    ]
    payments {
        Amount ApprovalsPayoutDestinationFormSubmitter ApprovalsPayoutDestinationLanguage
        ApprovalsPayoutDestinationList ApprovalsPayoutDestinationPayoutIntervalType
        ApprovalsPayoutDestinationReportConfiguration ApprovalsPayoutDestinationReportConfigurationContentType
        ApprovalsPayoutDestinationResponse ApprovalsPayoutDestinationResponseLink
        ApprovalsPayoutDestinationResponseLinkRel ApprovalsPayoutDestinationSettlementReportConfiguration AttachmentId
        AuthorizationCodeGrantIdentType CheckoutAuthorization CheckoutAuthorizationError CheckoutAuthorizationEvent
        CheckoutToken CheckoutTokenEvent CheckoutTokenEventEvent CheckoutTokenLink CheckoutTokenStatus
        CheckoutTransactionEvent Color CreateFundTransferResponse CreateTokenStatus403Error ExpressSession
        FeatureToggle FundTransferCreateDataV2Type FundTransferV2 GetLogosImageTemplate GetLogosImageVariant
        GetPayoutDestinationBalancesResponse GetSessionInclude GetTransactionInclude LegalEntityType
        ListPayoutDestinationTransfersResponse ListTransactionsInclude Logos Operation PayExTokenProviderTokenType
        PaySessionDinteroFeatureToggle PaySessionResponse PaySessionStatus400Error PaymentMatchReportDataV2
        PaymentMatchReportDataV2Attachment PaymentMatchReportDataV2PaymentStatus PayoutDestinationBalanceV2
        PayoutDestinationTransferEntryV2 PayoutDestinationTransferEntryV2Type ReportFilter ReportFilterFilter
        ReportMetadata ReportMetadataResponse SessionCreated SessionPayResultAction
        SessionPaymentTokenConfigurationChannel SettlementId SettlementItem SettlementItemAttachment
        SettlementItemPaymentStatus SettlementReportConfigItem SettlementReportConfigItemDestination
        SettlementReportConfigItemDestinationType SettlementReportConfigItemFilter
        SettlementReportConfigItemFilterFilter SettlementReportConfigResponse SettlementReportConfigurationId
        SettlementResponse SettlementResponseLastEvaluatedKey TestReportResponse TokenType Width
    } [
        CancelSession CaptureTransaction CreateFundTransfer CreatePaymentTokenSession CreateSellerApproval
        CreateSession CreateSettlementReportConfiguration CreateToken DeleteSettlementReportConfiguration
        DownloadSettlementAttachment ExtendAuthorization GenerateSettlementTestReport GetLogosImage
        GetPayoutDestinationBalances GetProfileImage GetSession GetSettlementReportConfiguration GetTransaction
        ListPayoutDestinationTransfers ListReports ListSellerApprovals ListSettlementReportConfigurations
        ListSettlements ListTransactions PaySession RefundTransaction UpdateSession
        UpdateSettlementReportConfiguration UpdateTransaction VoidTransaction
    ]
    products {
        Catalog CatalogId Group GroupData GroupId Image ListCatalogsResponse ListGroupsResponse ListProductsResponse
        ListTaxGroupsResponse Product ProductId ProductWithGroups StockLocation TaxGroup TaxGroupId
    } [
        CreateCatalog CreateGroup CreateProduct CreateTaxGroup DeleteCatalog DeleteGroup DeleteProduct DeleteTaxGroup
        ListCatalogs ListGroups ListProducts ListTaxGroups UpdateCatalog UpdateGroup UpdateProduct UpdateTaxGroup
    ]
    receipts {
        CreateReceiptsResponse ListCustomerReceiptsResponse ReceiptMinimal SearchReceiptsResponse
        SegmentCustomersResponse SegmentedCustomer
    } [
        ChangeReceiptCustomer ClaimReceipt CreateReceipts GetCustomerReceipt GetReceiptByToken ListCustomerReceipts
        SearchReceipts SegmentCustomers UpdateReceipt
    ]
    wallets {
        Card CardDetailsToken CardId CardState CardStatePin CardToken CardTransaction CardTransactionId
        CardTransactionType CardType CodeFormat CreateCardBatchResponse CreateTransactionBodyType CustomerCard
        CustomerCardState IssuedCard ListCardsResponse ListedCard PinGenerator RotateCardPinResponse TokenGenerator
        TokenGeneratorToken
    } [
        ActivateCard CaptureTransaction CreateCard CreateCardBatch CreateCardToken CreateTransaction GetCard
        GetCardByToken GetCustomerCard ListCardTransactions ListCards ListCustomerCards RotateCardPin VoidTransaction
    ]
}
