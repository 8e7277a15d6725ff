"""Makes calls with Dintero's own Python client: `official_client.py BASE_URL ARGUMENTS`, where ARGUMENTS is JSON."""

import json
import sys

from dintero import Checkout

base, arguments = sys.argv[1], json.loads(sys.argv[2])
client = Checkout(
    api_url=base,
    checkout_url=base,
    account_id=arguments["account"],
    client_id=arguments["client_id"],
    client_secret=arguments["client_secret"],
    application_name=arguments["system"],
    application_version=arguments["version"],
)
transaction = arguments["transaction"]
client.create_session(arguments["session"])
client.get_session(arguments["session_id"])
client.get_transaction(transaction)
client.capture_transaction(transaction, 29990, arguments["lines"], "capture-1")
client.refund_transaction(transaction, 10000, arguments["lines"], "refund-1", "damaged")
client.void_transaction(transaction)
