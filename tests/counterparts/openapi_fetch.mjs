// Makes calls with openapi-fetch, the library that Dintero's SDK for Node.js consists of, besides types and three small
// middlewares. `openapi_fetch.mjs BASE_URL ARGUMENTS`, where ARGUMENTS is JSON. Prints the results as a JSON list.

import createClient from "openapi-fetch";

const [base, text] = process.argv.slice(2);
const { account, client_id, client_secret, calls } = JSON.parse(text);
const client = createClient({ baseUrl: `${base}/v1` });

const basic = Buffer.from(`${client_id}:${client_secret}`).toString("base64");
const { data: token } = await client.POST("/accounts/{oid}/auth/token", {
  params: { path: { oid: account } },
  headers: { Authorization: `Basic ${basic}` },
  body: { grant_type: "client_credentials", audience: `https://api.dintero.com/v1/accounts/${account}` },
});
client.use({
  onRequest: ({ request }) => {
    request.headers.set("Authorization", `Bearer ${token.access_token}`);
    return request;
  },
});

const results = [];
for (const [method, path, options] of calls) {
  const { data, error, response } = await client[method](path, options);
  results.push({ status: response.status, data, error });
}
console.log(JSON.stringify(results));
