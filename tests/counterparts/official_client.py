"""Makes calls with Dintero's own Python client: `official_client.py BASE_URL ARGUMENTS`, where ARGUMENTS is JSON.

Prints the results of the calls, as a JSON list.
"""

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
results = []
for name, values in arguments["calls"]:
    try:
        results.append(getattr(client, name)(*values))
    except Exception as error:  # What the client makes of an error response is a result, too.
        results.append({"exception": type(error).__name__, "text": str(error)})
print(json.dumps(results))
