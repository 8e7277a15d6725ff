//! Every generated type that can be read, and every operation.
//!
//! `DINTERO_WRITE_CATALOG=1 cargo test -p dintero --all-features --test types catalog` writes this file.
//! If it names a type that is gone, empty the braces below first.

#![allow(deprecated, reason = "what is deprecated is looked at as well")]

use crate::entry::{Call, Entry, catalog};

catalog! {
    billing {
        ErrorBody ErrorDetails
    } [
        ListSubscriptions
    ]
    checkout {
        AddSettlementEventsBody AddSettlementEventsBodyTransaction Address AddressCountryLimits AirItinerary
        AirReservation AmountLimit AmountLimitRule ApiKey ApiKeyId ArenaLocation AuthenticationOperation
        BamboraConfiguration BamboraConfigurationApplepay BamboraConfigurationApplepayType
        BamboraConfigurationCreditcard BamboraConfigurationType BamboraConfigurationVipps BamboraCreditcardCitPayment
        BamboraGateway BamboraGatewaySettings BamboraMobilePayPayment BamboraPaymentOperation
        BamboraPaymentOperationContentType BamboraPaymentOperationSession BamboraVippsPayment BrowserInformation
        BusItinerary BusReservation CarRental CarRentalItinerary Card CardAcquirerTransactionType
        CardAuthenticationStatus CardEntryMethod CardHolderTokenizationConsent CardId CardProductPlatform CardRegion
        CardToken CardTokenCardBrand CardTokenConfiguration CardTokenId CardTokenLink CardTokenStatus CardTokenType
        CardType Channel CheckGatewayStatusGateway CheckGatewayStatusResponse Checkbox CheckboxLink CheckboxSimple
        CheckoutConfigCredentials CheckoutConfigurationSettings CheckoutGateways CheckoutGatewaysCollector
        CheckoutGatewaysCollectorOptions CheckoutGatewaysCollectorOverrides CheckoutGatewaysNetaxept
        CheckoutGatewaysNetaxeptOverrides CheckoutGatewaysPayex CheckoutGatewaysPayexOverrides
        CheckoutGatewaysPayexOverridesVersions CheckoutGatewaysSantander CheckoutGatewaysSantanderOverrides
        CheckoutGatewaysSwish CheckoutGatewaysSwishOverrides CheckoutGatewaysVipps CheckoutGatewaysVippsOverrides
        CheckoutPaymentOption CheckoutPaymentOptionDetails CheckoutPaymentOptionType CheckoutPayoutProduct
        CheckoutPayoutProductName CheckoutPayoutSettings CheckoutSettings CollectorAddress CollectorB2bAddress
        CollectorB2bPaymentOperationAddress CollectorConfiguration CollectorConfigurationFinance
        CollectorConfigurationInstallment CollectorConfigurationInstallmentOptions CollectorConfigurationInvoiceB2b
        CollectorConfigurationInvoiceB2bOptions CollectorCredential CollectorCredentialData CollectorCredentialOptions
        CollectorCredentialPromote CollectorCredentialPromoteStore CollectorCredentialPromoteType
        CollectorCustomerClient CollectorFinancePayment CollectorGatewayCredential CollectorGatewayCredentialData
        CollectorGatewaySettings CollectorGatewayStore CollectorInstallmentPayment
        CollectorInstallmentPaymentOperation CollectorInstallmentPaymentProduct CollectorInstallmentProduct
        CollectorInvoiceB2bPayment CollectorInvoiceB2bPreapprovedPayment CollectorInvoicePayment
        CollectorPreapprovedAccount CollectorPreapprovedB2bInstallment CollectorPreapprovedB2bInvoice CollectorProduct
        CollectorProductType CollectorScaAmountLimit CollectorScaAmountRule CollectorScaLiabilityRules
        CollectorScaPolicy CollectorSegment CollectorStoreOverrideSettings CollectorStoreOverrides
        CollectorStoreOverridesStore CollectorStoreSecrets ConfigureBamboraGatewayBody ConfigureCollectorGatewayBody
        ConfigureDinteroPspGatewayBody ConfigureInstabankGatewayBody ConfigureKlarnaGatewayBody
        ConfigureKraviaGatewayBody ConfigureKraviaGatewayBodyKravia ConfigureNetaxeptGatewayBody
        ConfigurePayexGatewayBody ConfigurePayexGatewayBodyPayex ConfigureSantanderGatewayBody
        ConfigureSwishGatewayBody ConfigureTwoGatewayBody ConfigureTwoGatewayBodyTwo ConfigureVippsGatewayBody
        CountryRule CreateApiKeyBody CreateApiKeyResponse CreateCreditCheckBody CreateCreditCheckBodyApplicant
        CreateCreditCheckBodyCheckType CreateCreditCheckBodyStore CreateCreditCheckResponse
        CreateCreditCheckResponseResult CreateCreditCheckResponseResultStatus CreateSessionBody
        CreateSessionBodyTokenProvider CreateTerminalOperationBody CreateTerminalOperationBodyOperation
        CreateTerminalOperationBodyParameters CredentialResponse CreditCheckId CreditProvider CustomerAccountInfo
        CustomerClient CustomerId CustomerKind CustomerToken DeleteCardTokenBody DeleteCardTokenBodyRequestor
        DinteroConfiguration DinteroPspApplePayPayment DinteroPspConfiguration DinteroPspConfigurationApplepay
        DinteroPspConfigurationApplepayDetails DinteroPspConfigurationClicktopay DinteroPspConfigurationCreditcard
        DinteroPspConfigurationVipps DinteroPspCreditcardPayment DinteroPspGateway DinteroPspTokenAuthMethod
        DiscountId DiscountItem DiscountType DynamicPayout DynamicPayoutKind Express ExpressCallbacks
        ExpressDiscountCodes ExpressShippingMode ExternalDisplay ExternalDisplayContent ExternalDisplayTerm
        ExternalPayment FeatureToggle FerryItinerary FerryReservation GatewayApiVersion GatewayStatusResponse
        GetCheckoutConfigurationInclude GetCheckoutConfigurationResponse GetCheckoutSessionResponse GiftCards Giftcard
        GiftcardType HandleTransactionEventBody HandleTransactionEventIntent HotelItinerary HotelReservation
        InstabankApplication InstabankApplicationDebt InstabankApplicationDebtType InstabankApplicationMaritalStatus
        InstabankConfiguration InstabankConfigurationFinance InstabankConfigurationInstallment
        InstabankConfigurationInvoice InstabankConfigurationPostponement InstabankFinancePayment
        InstabankFinanceProduct InstabankGateway InstabankGatewayPaymentProductCodes InstabankGatewaySettings
        InstabankInstallmentPayment InstabankInstallmentProduct InstabankInvoicePayment InstabankInvoiceProduct
        InstabankPostponementPayment InstabankPostponementProduct InvoiceDeliveryMethod KlarnaAddress
        KlarnaBilliePayment KlarnaConfiguration KlarnaCredential KlarnaCredentialPromote KlarnaCredentialPromoteType
        KlarnaCredentialPromoteValue KlarnaExtraMerchantData KlarnaFraudStatus KlarnaGateway KlarnaGatewayCredential
        KlarnaGatewayCredentialData KlarnaGatewaySettings KlarnaPayment KlarnaPaymentMethod KlarnaPaymentOperation
        KlarnaPaymentOperationContentType KlarnaPaymentOperationMethod KlarnaUpdateRetry KraviaConfiguration
        KraviaGroupedInvoiceB2b KraviaInvoiceB2b KraviaInvoiceInterval KraviaInvoiceSchedule ListProfilesResponse
        LoanExample MarketplaceAccountIdentifier MarketplaceAccountLastModified MarketplaceOrder MarketplaceSeller
        MarketplaceWinner Merchant MetadataValue Method MissingSessionDetails MissingSessionMerchant MultiShipmentItem
        MyDinteroUserCreation MyDinteroUserCreationAction MyDinteroUserCreationTerms NetaxeptConfiguration
        NetaxeptConfigurationCreditcard NetaxeptGateway NetaxeptGatewaySettings NetaxeptStoreOverride NetaxeptTerminal
        NetaxeptTerminalPath NewGatewayApiVersion NewOperationPaymentProductType NewSessionCustomer
        NewTransactionSettlements OpeningHours OpeningHoursPeriod OrderAddress OrderItemGroup OrderItemType
        OrderShipping OverrideCollectorGatewayBody OverrideNetaxeptGatewayBody OverridePayexGatewayBody
        OverrideSantanderGatewayBody OverrideSwishGatewayBody OverrideVippsGatewayBody PayExConfiguration
        PayExConfigurationCreditcard PayExCredential PayExGatewayCredential PayExGatewayCredentialData
        PayExGatewayOverride PayExGatewaySettings PayExMobilePayPayment PayExPaymentId PayExSwishPayment
        PayExV3ClickToPayPaymentOperation PayExV3OperationContentType PayExVippsPayment PayLockId
        PayexTransactionNumber Payment PaymentConfigurationActivePaymentTypes PaymentConfigurationDefaultPaymentType
        PaymentOperation PaymentOperationIntent PaymentOperationsResponse PaymentOptionScaPolicy PaymentProvider
        PaymentResponse PaymentResponseAction PaymentResponseActionType PaymentResponseErrorDetail
        PaymentResponseErrorDetailCategory PayoutConfiguration PayoutDestinationId PayoutFeeSplit PayoutFeeSplitType
        PayoutPaymentProduct PayoutSplit PlatformType ProfileConfiguration ProfileConfigurationUrl ProfileId
        PromoteCredential PublishConfiguration PublishConfigurationChannel PublishConfigurationStatus
        PublishConfigurationType PublishedMessageId QrCode QrOptions QrOptionsFormat RecordId RecurringPurchase
        RequestHeaders RetryCode SantanderAccount SantanderConfiguration SantanderDebitAccount
        SantanderGatewaySettings SantanderPayment SantanderStoreOverride SantanderStoreOverrideSettings SavedCardToken
        SavedPayexCardToken SavedTokens ScaNetworkExemptions ScaRule Segment SeitatechConfiguration
        SeitatechInPersonPayment SendSccPaymentOperation Session SessionAction SessionActionKind SessionCardToken
        SessionConfiguration SessionConfigurationTheme SessionCreated SessionCustomer SessionDiscountCodes
        SessionDiscounts SessionDiscountsOrder SessionDiscountsType SessionEvent SessionEventDetails
        SessionEventDetailsBambora SessionEventDetailsGiftCard SessionEventDetailsKlarna SessionEventId
        SessionEventName SessionExpress SessionGiftCard SessionGiftCards SessionId SessionLock SessionLockPayLock
        SessionMerchant SessionNotFound SessionNotFoundError SessionNotFoundErrorCause SessionOrder SessionOrderItem
        SessionPayPollStatus SessionPayability SessionTokens SessionUrls SetSessionAddressesResponse SettlementId
        SettlementReferenceFields SettlementStatus ShipmentOption ShipmentOptionDeliveryMethod
        ShipmentOptionEnvironmentalData ShipmentOptionEnvironmentalDataDetail ShipmentOptionEta
        ShipmentOptionPayInStore ShipmentOptionPayInStoreType ShipmentOptionPickUpAddress ShipmentOptionTimeSlot
        ShippingOption SignatureV0 SignatureV0Signature SignatureV0SignatureType SplitShippingOption Store StoreId
        StoredSession StoredSessionConfiguration StoredSessionCustomer StoredSessionMetadata StoredSessionOrder
        SubscriptionPurchase SwishConfiguration SwishConfigurationSwish SwishGatewaySettings SwishPayment
        SwishPaymentRequestId SwishStoreOverride SwishStoreOverrideSettings SystemRequestHeaders TerminalCommand
        TerminalId TerminalOperation TerminalOperationId TerminalOperationParameters TerminalOperationResult
        TerminalOperationStatus TicketDeliveryMethod TicketedEvent TrainItinerary TrainReservation Transaction
        TransactionCustomer TransactionEvent TransactionEventCorrection TransactionEventError
        TransactionEventErrorRetryPolicy TransactionEventErrorType TransactionEventGiftCard TransactionEventId
        TransactionEventItem TransactionEventKind TransactionEventMetadata TransactionId TransactionMetadata
        TransactionMetadataPayout TransactionPaymentProduct TransactionPaymentProductType TransactionSettlements
        TransactionSettlementsEvent TransactionStatus TransactionUrl TravelInsurance TravelInsuranceType
        TravelPassenger TravelPassengerTitle TravelReservation TwoConfiguration TwoConfigurationInvoiceB2b
        TwoConfigurationInvoiceB2bDurationDays UpdatedExpressResult UpdatedExpressResultStatus VerifiedIdentity
        VerifiedIdentityType ViewPaymentOperation ViewSessionUpdateAddress ViewSessionUpdateDiscountCodes
        ViewSessionUpdateGiftcards ViewSessionUpdateGiftcardsGiftCard ViewSessionUpdateGiftcardsGiftCardType
        VippsConfiguration VippsGatewaySettings VippsPayment VippsPaymentType VippsStoreOverride
        VippsStoreOverrideSettings VippsTransactionStatus WalletGiftCard
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
        CallbackRef PayExCallback PayExCallbackPayment PayExCallbackPaymentOrder PayExV3Callback
        PayExV3CallbackPaymentOrder ReceiveNetaxeptWebhookBody ReceivePayexCallbackPaymentProductType RedirectRef
        ReturnFromBamboraAction ReturnFromPayexAction ReturnFromTwoAction SwishPaymentCallback
        SwishPaymentCallbackStatus SwishRefundCallback SwishRefundCallbackStatus ViewNetaxeptPaymentLanguage
        ViewSessionUi VippsCallback VippsCallbackTransactionInfo VippsCallbackTransactionInfoStatus VippsOrderId
    } [
        ReceiveBamboraCallback ReceiveCollectorFraudDecision ReceiveCollectorSignIn ReceiveCollectorTestSignIn
        ReceiveNetaxeptWebhook ReceivePayexCallback ReceivePayexV3Callback ReceiveSwishPaymentCallback
        ReceiveSwishRefundCallback ReceiveTwoCallback ReceiveVippsCallback ReturnFromBambora ReturnFromCollector
        ReturnFromDintero ReturnFromDinteroPsp ReturnFromKlarna ReturnFromNetaxept ReturnFromPayex ReturnFromPayexV3
        ReturnFromProvider ReturnFromSantander ReturnFromSwish ReturnFromTwo ViewNetaxeptPayment ViewSession
        ViewVippsPayment
    ]
    customers {
        AddressValidationResult AuthIdentType AuthType AutoTokenType ChallengeType ChangeCustomerIdBody ChannelConsent
        Communication CommunicationChannel CommunicationChannels CommunicationChannelsPhoneNumber CompanyDepartments
        ContactFor Country CreateCustomerBody CreateCustomerTokenBody CreateLocationBody Customer CustomerAddress
        CustomerAddressType CustomerCompany CustomerIdFormat CustomerTag CustomerTerm CustomerToken CustomerTokenId
        CustomerType CustomersMfaSettings CustomersMfaSettingsLogin CustomersSettings CustomersSettingsAttribute
        CustomersSettingsAttributeType CustomersSettingsAutoTokens CustomersSettingsTokens
        CustomersSettingsTokensEventExpiry CustomersSettingsUsers CustomersSettingsUsersHead DeleteTokenEventsBody
        DeleteTokenEventsBodyEvent EnrolledBy Entity GetOrganizationResponse HmacSha256 IssuedToken IssuedTokenType
        ListCustomersType LocationId LoginBody LookupTokenBody MarketingConsent MarketingConsentSms MfaAuth
        MfaChallenge MfaChallengeLink MfaChallengeLinkRel MfaRecoveryChallenge MfaRecoveryChallengeBindingMethod
        MfaRecoveryChallengeLink MfaRecoveryChallengeLinkRel OobChannel Organization OrganizationMatch
        OrganizationNumber OrganizationSubunit PhoneNumberValidation PostalCode PostalPlaceResult SalesLocation
        SalesLocationData SalesLocationDataAddress SendPasswordResetBody Sha256 StartMfaLoginBody TagId
        TermsAndConditions TermsId TokenDetail TokenEvent TokenEvents TokenTypeValue TokenValueId UpdateCustomerBody
        UserVerifications UserVerificationsPhoneNumber VerifyCustomerBody VerifyCustomerOperation
    } [
        ChangeCustomerId CheckCustomer CreateCustomer CreateCustomerToken CreateLocation CreateTag CreateTerms
        DeleteCustomer DeleteCustomerToken DeleteLocation DeleteTag DeleteTerms DeleteTokenEvents GetCustomer
        GetCustomerVerification GetLocation GetOrganization GetPostalPlace GetSettings GetTerms ListCustomerTags
        ListCustomerTokens ListCustomers ListDepartments ListLocations ListOrganizationSubunits ListTags ListTerms
        ListTokenEvents Login LookupToken SearchOrganizations SendPasswordReset SetCustomerTags StartMfaLogin
        StartMfaRecovery UpdateCustomer UpdateLocation UpdateSettings ValidateAddress VerifyCustomer
    ]
    discounts {
        AddCustomerDiscountUsageBody AddDiscountCustomersBody Automation AutomationAction AutomationData
        AutomationDataLimitation AutomationDataRequirement AutomationDataRequirementEvent AutomationId
        BaseRequirementItem BonusItem BookedCustomerDiscount Campaign CampaignId CardInfo ChannelConsentRequirement
        Claim ClaimDiscount ClaimDiscountRef ClaimId CustomerDiscount CustomerRequirement CustomerRequirementAddress
        CustomerRequirementCompany CustomerRequirementEnrolledBy CustomerRequirementTerm CustomerUsageStatistics
        DeletedCustomerDiscount Dimension Discount DiscountActivation DiscountActivationType DiscountCustomer
        DiscountDay DiscountHour DiscountHours DiscountKind DiscountMatch DiscountMatchGroupBy DiscountRef
        DiscountRefId DiscountRefItem DiscountRefStatistics DiscountUsage DiscountUsageId DiscountWithStatistics Event
        EventKind EventReceipt EventToken ExtraInfo ExtraInfoValueType InfoCodeItem ItemMixProperty
        ItemMixPropertyItem ItemSelector Limitation LimitationDiscountCombination LimitationDiscountEligible Link
        ListAutomationsState ListCampaignsState ListDiscountCustomersState ListDiscountsInclude ListDiscountsState
        MarketingConsentRequirement MarketingConsentRequirementSms PaymentItem PublicDiscount Receipt
        ReceiptChannelConsent ReceiptCustomer ReceiptCustomerAddress ReceiptCustomerCompany ReceiptCustomerEnrolledBy
        ReceiptCustomerTerm ReceiptCustomerToken ReceiptCustomerType ReceiptDelivery ReceiptDiscount
        ReceiptEntryStatus ReceiptId ReceiptItem ReceiptItemGroup ReceiptMarketingConsent ReceiptMarketingConsentSms
        RemoveDiscountCustomersBody Requirement Reward RewardBase RewardEffect RewardType RewardValue RewardValueItem
        SearchDiscountsBody SearchDiscountsBodyGroupBy SearchDiscountsBodyInclude SearchDiscountsBodyQuery
        SearchDiscountsResponse StoreRequirement StoreRequirementAddress StoreRequirementMccRange TaxItem
        UpdateCampaignBody UpdateDiscountBody UpdateDiscountBodyRequirement UsageRef UsageRefWrite UsageStatistics
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
        OtherEvent PingEvent ReceiptAddEvent ReceiptAddEventName ReceiptAddEventReceipt SellerApprovalCase
        SellerApprovalId SellerApprovalStatus Subscription SubscriptionConfig SubscriptionConfigContentType
        SubscriptionEvent SubscriptionId SubscriptionSecret TokenEvent TokenEventName TokenEventToken
    } [
        CreateSubscription DeleteSubscription GetDelivery GetSubscription ListDeliveries ListSubscriptions
        PingSubscription
    ]
    insight {
        AggregateFunction CheckoutKpi CheckoutKpiValue CheckoutTransactionEvent CheckoutTransactionKpi
        CheckoutTransactionKpiInterval CheckoutTransactionKpiValue CheckoutTransactionStatus ErrorBody ErrorDetails
        Interval KpiField KpiName KpiTransactionStatus ReportConfiguration ReportConfigurationId ReportContentType
        ReportDataType ReportFilter ReportFilterColumn ReportLanguage ReportParams ReportSchedule ReportSettings
    } [
        CreateReportConfiguration GenerateReport ListCheckoutKpis ListCheckoutTransactionEventKpis
        ListCheckoutTransactionStatusKpis ListReportConfigurations UpdateReportConfiguration
    ]
    ledger {
        BankAccountId
    } [
        CreateConfiguration CreateFundTransfer ListDinteroBankAccounts UnlinkBankAccount UpdatePayoutAccountOverrides
    ]
    management {
        Account AccountApplicant AccountApplicantAgreement AccountApplicantAgreementAttachments AccountAssetRequest
        AccountAssetRequestAccess AccountAssetRequestMimeType AccountAssetResponse AccountBilling
        AccountCheckoutGateway AccountCheckoutGatewayProgression AccountCompany AccountCompanyBranding
        AccountCompanyContact AccountCompanyTerm AccountConnectionEvent AccountConnectionEventStatus
        AccountConnections AccountConnectionsPayex AccountEvent AccountEventComment AccountEventCommentVisibility
        AccountEventId AccountEventStatistics AccountMonthlyStatistics AccountMonthlyStatisticsCheckout
        AccountMonthlyStatisticsShopping AccountPricePackage AccountPricePackages AccountPrivateDetailsAccountManager
        AccountPrivateDetailsStatistics AccountProgression AccountSandboxSettings AccountSandboxSettingsStatus
        AccountService AccountServiceProgression AccountServices AccountSettingsRequest AccountSignupPreFillRequest
        AccountSignupRequest AccountStore AccountStoreCoordinates AccountStoreOperatorPayoutDestination
        AccountStoreTerminalsSummary AccountUserConfig AccountUserConfigMfa AccountUserConfigMfaSms
        AccountUserConfigMfaTotp AccountUserCreateRequest AccountUserId AccountUserMfaSmsRequest
        AccountUserPasswordRequest AccountUserProfile AccountUserResponse AccountUserRoleRef AccountUserUpdateRequest
        ApiClientId ApprovalCaseId ApprovalStatus ApprovalsLink ApprovalsLinkRel ApprovalsPayment
        ApprovalsPaymentMethod ApprovalsPaymentProduct ApprovalsPaymentResponse AuditEvent AuditEventId AuthChallenge
        AuthChallengeOobChannel AuthClient AuthClientId AuthPayoutDestination AuthPayoutDestinationType AuthRole
        AuthUser AuthUserCreateRequest AuthUserId AuthUserLink AuthUserMfa AuthUserPasswordRequest
        AuthenticatedAccountUser AuthenticatedAccountUserAccounts AuthorizePasswordlessResponseType
        AuthorizePasswordlessScope BamboraCallbackOptionsType BamboraConnection BamboraConnectionCallback
        BamboraConnectionCallbackPaymentOptions BamboraConnectionConfiguration BamboraConnectionDirectSignup
        BamboraConnectionRequest BamboraConnectionSignup BamboraConnectionSignupApplicant
        BamboraConnectionSignupOwnership BamboraConnectionSignupOwnershipOwners BamboraConnectionSignupPaymentOptions
        BamboraConnectionSignupRevenue BamboraConnectionSignupSignature BamboraConnectionSignupVerifications
        BamboraIppSubmerchant BamboraIppSubmerchantId BamboraIppSubmerchantRequestData BamboraSignatory
        BamboraSignupId BamboraSignupOptionType BindingMethod ChallengeResponse ChallengeType ChangeUsernameRequest
        CheckoutAccountService CheckoutAccountServiceGateways CheckoutAccountServiceGatewaysPayex
        CheckoutAccountServiceStatus ClientWithSecret CollectorCallbackOptions CollectorCallbackOptionsType
        CollectorConnection CollectorConnectionCallback CollectorConnectionCallbackStore
        CollectorConnectionConfiguration CollectorPaymentOptions CollectorPaymentOptionsType CommonConnection
        CommonConnectionRequest CommonConnectionSignup CommonConnectionSignupApplicant CommonConnectionSignupOwnership
        CommonConnectionSignupOwnershipOwners CommonConnectionSignupPaymentOptions
        CommonConnectionSignupPaymentOptionsType CommonConnectionSignupStoreType CommonConnectionSignupVerifications
        CommonSignupBankAccount CommonSignupBankAccountNumberType CommonSignupCompany CommonSignupCompanyCategory
        CommonSignupCompanyIndustry CommonSignupInstabank CommonSignupPaymentMethods ConnectionCallbackReference
        ConnectionEventId ConnectionPaymentOption CreateCommonSignupLinkResponse CreateConnectionEventConnection
        CreateFundTransferResponse CreateKlarnaConnectionBody CreateMastercard3dsConnectionBody
        CreatePartnerOnboardingLinkResponse CreateSwishPayfacConnectionBody CreateTaskBody CreateTerminalBody
        CreateTwoConnectionBody EmailAuthorizedUser Exchange ExtendedAccount ExtendedAccountProgression ExternalKeySet
        FormSubmitter GetPricePackageResponse Grant GrantId GrantOidc GrantType Individual InstabankConnection
        InstabankConnectionCallback InstabankConnectionConfiguration InstabankConnectionSignup InstabankPaymentOptions
        InstabankPaymentOptionsType InstabankProductCodes KlarnaConnection KlarnaConnectionConfiguration
        KlarnaConnectionConfigurationCredential KlarnaConnectionSignup KraviaConnection ListAccountEventsType
        ListBamboraIppSubmerchantsResponse ListPaymentApprovalsResponse ListPayoutDestinationsResponse
        ListPricePackagesResponse ListStoresResponse ListTerminalsInclude ListTerminalsResponse ListUsersExpand
        LoginSessionId Mastercard3dsConnection Mastercard3dsConnectionConfiguration Mastercard3dsConnectionSignup
        MastercardConnectionConfiguration MastercardTokenizationConnection MastercardTokenizationConnectionSignup
        MastercardTokenizationSignup MatchMerchant MatchMerchantAddress MatchPossibleMatch MatchPrincipal
        MatchSearchRequest MatchSearchRequestSearchCriteria MatchSearchResponse MatchTerminateRequest
        MatchTerminateRequestMerchant MatchTerminateRequestTermination MatchTerminatedMerchant
        MatchTerminatedMerchantAddress MatchTerminatedMerchantDetails NewMastercardTokenizationConnection
        NewUserAuthenticationType OidcAccessToken OidcAccessTokenUserInfo OidcTokenRequest OidcTokenRequestGrantType
        OwnershipStructure PasswordLess PasswordLessSend PasswordLessType PasswordlessCodeRequest
        PasswordlessCodeResponse PayExCallbackOptionsType PayExConnection PayExConnectionCallback
        PayExConnectionCallbackPaymentOptions PayExConnectionConfiguration PayExConnectionSignup
        PayExConnectionSignupContact PaymentOption PayoutDestinationBankAccount PayoutDestinationCreate
        PayoutDestinationFundTransfer PayoutDestinationOrganization PayoutIntervalType PricePackage PricePackageId
        PricePackageInput PricePackagePrice PricePackagePriceAmount PricePackagePriceDimension PricePackageProduct
        PublicKey PublicKeyKty PublicKeyUse RecoveryRequest RecoveryResponse RedirectRequest RedirectRequestClaim
        RedirectResponse RegisteredCollectorSignup RegisteredKlarnaSignup RegisteredMastercardSignup
        RegisteredSwishSignup RegisteredSwishSignupData RegisteredTwoSignup RevokeToken RoleId SearchVmssBody
        SellerBankAccount SellerBankAccountNumberType ServiceProgression SignupExternalIntegrations
        SignupPrefillAcceptResponse SignupPrefillId SignupStoreType StoreConfiguration StoreConfigurationAutoEndOfDay
        StoreCreate StoreCreatePayoutDestination StoreOrganization StorePayoutDestination Subscription
        SubscriptionInterval SubscriptionPlan SubscriptionSupport SwishCallbackOptionsType SwishConnection
        SwishConnectionCallback SwishConnectionCallbackPaymentOptions SwishConnectionConfiguration
        SwishConnectionRequest SwishConnectionSignup SwishConnectionSignupPaymentOptions SwishPayfacConnectionSignup
        Terminal TerminalStore TerminalSummary TerminalSummaryStatus TerminateMatchMerchantResponse
        TerminateVmssMerchantBody TerminateVmssMerchantBodyMerchant TwoConnection TwoConnectionConfiguration
        TwoConnectionSignup UpdateAccountBody UpdateAccountPricePackagesResponse UpdateClientBody UpdateGrantBody
        UpdateKraviaConnectionBody UpdatePayexOverridesBody UpdateTerminalBody UpdateTerminalBodyDeviceModel Username
        UtmCampaign VippsCallbackSubscriptionKey VippsConnection VippsConnectionCallbackRequest
        VippsConnectionConfiguration VippsConnectionPaymentOption VippsConnectionPaymentOptionType
        VippsConnectionSignup VippsConnectionSubscriptionKey VmssFinancialAccount VmssMatchedRecord VmssMerchant
        VmssMerchantAddress VmssPossibleMatches VmssPrincipal VmssSearchResponse VmssSearchResult VmssTerminatedRecord
        VmssTerminationAccount WallmobSignup WallmobSignupMerchantType
    } [
        AcceptSignupPrefill ArchiveSellerApproval AuthorizeOidc AuthorizePasswordless ChangePassword ChangeUsername
        CompleteBamboraConnection CompleteCollectorConnection CompleteInstabankConnection CompletePayexConnection
        CompleteSwishConnection CompleteVippsConnection CreateAccount CreateAccountEvent CreateAsset CreateAuthUser
        CreateBamboraConnection CreateClient CreateCommonConnection CreateCommonSignupLink CreateConnectionEvent
        CreateFundTransfer CreateGrant CreateKlarnaConnection CreateMastercard3dsConnection
        CreateMastercardTokenizationConnection CreateOidcToken CreatePartnerOnboardingLink CreatePasswordlessCode
        CreatePaymentApproval CreatePayout CreatePayoutDestination CreateRole CreateSignup CreateSignupPrefill
        CreateStore CreateSwishConnection CreateSwishPayfacConnection CreateTask CreateTerminal CreateTwoConnection
        CreateUser DeleteGrant DeleteRole DeleteStore DeleteTerminal DeleteUser ExchangeToken GetAccount
        GetAuthenticatedUser GetBamboraConnection GetClient GetCollectorConnection GetKraviaConnection
        GetMastercard3dsConnection GetPayoutDestination GetPricePackage GetSandboxSettings GetSettings
        GetSignupPrefill GetStore GetTerminal GetVippsConnection ListAccountEvents ListAccounts
        ListBamboraIppSubmerchants ListClients ListGrants ListKeys ListPaymentApprovals ListPayoutDestinations
        ListPricePackages ListRoles ListStores ListTerminals ListUserActivities ListUsers RedirectWithIdToken
        RequestMfaChallenge RequestMfaRecovery RequestSandboxSettings RestartVippsConnection RevokeTokenCall
        RotateClientSecret SearchMatch SearchVmss SendPasswordlessCode SetAuthUserPassword SyncTerminal
        TerminateMatchMerchant TerminateVmssMerchant UpdateAccount UpdateAccountPricePackages UpdateClient UpdateGrant
        UpdateKraviaConnection UpdatePayexOverrides UpdatePayoutDestination UpdatePricePackage UpdateRole
        UpdateSettings UpdateSmsMfa UpdateStoreConfiguration UpdateTerminal UpdateUser VerifySignup
    ]
    orders {
        Address ApiCall ApiEvent CompleteDraftOrderResponse Customer CustomerCompany CustomerEnrolledBy
        CustomerMarketingConsent CustomerMarketingConsentEmail CustomerTerm DraftItem DraftItemRelatedItem
        DraftOptions DraftOrder DraftOrderId DraftOrderInput DraftedOrder LineId Link ListAuthorizationsResponse
        ListCancellationsResponse ListCapturesResponse ListDraftOrdersResponse ListDraftOrdersStatus
        ListOrderEventsResponse ListRefundsResponse NewOrder Order OrderEvent OrderEventId OrderId OrderPaymentStatus
        OrderSession OrderSessionId OrderSessionInput OrderSessionInputUrl OrderState OrderStatus OrderStatusEvent
        OrderStatusEventInput OrderStatusEventRequest OrderStatusEventState OrderStatusEventType PaymentDetails
        PaymentDetailsCard PaymentOperation PaymentOperationId PaymentOperationInput PaymentOperationItem Payout
        PayoutDestination SessionItem TaxLine
    } [
        AddDraftOrderItem CancelOrder CompleteDraftOrder CreateAuthorization CreateCancellation CreateCapture
        CreateDraftOrder CreateOrderEvent CreateOrderSession CreateRefund GetCancellation GetDraftOrder
        GetOrderSession GetStoreOrder ListAuthorizations ListCancellations ListCaptures ListDraftOrders
        ListOrderEvents ListRefunds ListStoreOrders OpenOrder RemoveDraftOrderItem UpdateDraftOrderItem UpdateOrder
    ]
    payments {
        AmountByCurrency AttachmentId AuthToken AuthorizationCodeGrant AuthorizationCodeGrantIdentType
        BamboraCreditcardPayment BamboraTokenProvider CaptureTransactionBody CardPaymentOperation
        CheckoutAuthorization CheckoutAuthorizationError CheckoutAuthorizationEvent CheckoutToken CheckoutTokenEvent
        CheckoutTokenEventKind CheckoutTokenLink CheckoutTokenStatus CheckoutTransactionEvent ClientCredentials
        CreateFundTransferResponse CreatePaymentTokenSessionBody CreatePaymentTokenSessionBodySession
        CreateSessionBody DinteroPspCardTokenProvider DinteroPspClickToPayTokenProvider DinteroPspCreditcardMitPayment
        DinteroPspGooglePayTokenProvider DiscountCodesOrderUpdate DiscountCodesResponse EventTransaction
        ExpressSession ExtendAuthorizationBody FeatureToggle FundTransfer GetLogosImageTemplate GetLogosImageVariant
        GetPayoutDestinationBalancesResponse GetTransactionInclude Include LedgerEntryId LegalEntityType
        ListPayoutDestinationTransfersResponse ListTransactionsInclude LogoColor LogoNames LogoWidth MatchReport
        MatchReportAttachment MatchReportPaymentStatus MfaOobGrant NewFundTransfer NewFundTransferType OrderLineRef
        PasswordGrant PayExCreditcardPayment PayExTokenProvider PayExTokenProviderTokenType PayPayment
        PaySessionBaseUrl PaySessionBody PaySessionBodySession PaySessionDinteroFeatureToggle PaySessionFailed
        PaySessionOptionsConfiguration PaySessionResponse PaymentTokenProvider PayoutDestinationBalance
        PayoutDestinationConfigId PayoutDestinationTransfer PayoutDestinationTransferType RefreshTokenGrant
        RefundTransactionBody ReportFilter ReportFilterColumn ReportId ReportJobId ReportMetadata ReportMetadataPage
        ReportRecipient ReportRecipientKind ReportTemplateId SecondFactorRequired SellerApplication SellerApproval
        SellerApprovalLink SellerApprovalLinkRel SellerApprovals SellerFormSubmitter SellerLanguage
        SellerPayoutInterval SellerReportConfiguration SellerReportContentType SellerSettlementReportConfiguration
        SessionCreated SessionOrderUpdate SessionPayResultAction SessionPaymentTokenConfiguration
        SessionPaymentTokenConfigurationChannel SessionPaymentTokenExpress SessionPaymentTokenOrder
        SessionProfileCustomer SettlementItem SettlementItemAttachment SettlementItemPaymentStatus SettlementPage
        SettlementPageKey SettlementReportConfiguration SettlementReportConfigurationId
        SettlementReportConfigurationPage SettlementReportFilter SettlementReportFilterField
        ShippingAddressOrderUpdate ShippingAddressResponse TestReportOptions TestReportOptionsDateRange
        TestReportResponse TokenType UpdateSessionOptions UpdateSessionOptionsExpress UpdateTransactionBody
        UpdatedSettlementReportConfiguration
    } [
        CancelSession CaptureTransaction CreateFundTransfer CreatePaymentTokenSession CreateSellerApproval
        CreateSession CreateSettlementReportConfiguration CreateToken DeleteSettlementReportConfiguration
        DownloadSettlementAttachment ExtendAuthorization GenerateSettlementTestReport GetLogosImage
        GetPayoutDestinationBalances GetProfileImage GetSession GetSettlementReportConfiguration GetTransaction
        ListPayoutDestinationTransfers ListReports ListSellerApprovals ListSettlementReportConfigurations
        ListSettlements ListTransactions PaySession RefundTransaction UpdateSession
        UpdateSettlementReportConfiguration UpdateTransaction VoidTransaction
    ]
    payout_admin {
        BlockRuleId ProposalItemId
    } [
        CreateBlockRule FailProposalItem GenerateProposals GetBlockRule ListBlockRules TestBlockRules UpdateBlockRule
    ]
    products {
        Catalog CatalogData CatalogId CreateCatalogBody CreateTaxGroupBody Group GroupData GroupId Image
        ListCatalogsResponse ListGroupsResponse ListProductsResponse ListTaxGroupsResponse NewProduct NewProductGroup
        Product ProductData ProductId ProductWithGroups StockLocation TaxGroup TaxGroupData TaxGroupId
    } [
        CreateCatalog CreateGroup CreateProduct CreateTaxGroup DeleteCatalog DeleteGroup DeleteProduct DeleteTaxGroup
        ListCatalogs ListGroups ListProducts ListTaxGroups UpdateCatalog UpdateGroup UpdateProduct UpdateTaxGroup
    ]
    receipts {
        ChangeReceiptCustomerBody ClaimReceiptBody CreateReceiptsBody CreateReceiptsResponse
        ListCustomerReceiptsResponse ReceiptMinimal SearchReceiptsResponse SegmentCustomersBody
        SegmentCustomersResponse SegmentItem SegmentedCustomer UpdateReceiptBody
    } [
        ChangeReceiptCustomer ClaimReceipt CreateReceipts GetCustomerReceipt GetReceiptByToken ListCustomerReceipts
        SearchReceipts SegmentCustomers UpdateReceipt
    ]
    reports {
        GenerationSchedule ReportData
    } [
        GenerateReport
    ]
    wallets {
        ActivateCardBody CaptureTransactionBody Card CardDetailsToken CardState CardStatePin CardToken CardTransaction
        CardTransactionId CardTransactionType CardType CodeFormat CreateCardBatchBody CreateCardBatchBodyCard
        CreateCardBatchBodyOptions CreateCardBatchResponse CreateCardBody CreateCardTokenBody CreateTransactionBody
        CreateTransactionBodyType CustomerCard CustomerCardState IssuedCard ListCardsResponse ListedCard PinGenerator
        RotateCardPinBody RotateCardPinResponse TokenCode TokenGenerator TokenGeneratorToken VoidTransactionBody
    } [
        ActivateCard CaptureTransaction CreateCard CreateCardBatch CreateCardToken CreateTransaction GetCard
        GetCardByToken GetCustomerCard ListCardTransactions ListCards ListCustomerCards RotateCardPin VoidTransaction
    ]
}
