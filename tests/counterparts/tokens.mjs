// oauth2-mock-server at Dintero's path, and behind its tokens one resource: `tokens.mjs PORT`.
//
// The id of the client says how the token endpoint behaves; what it was asked so far stands under `/counts`.

import { createServer } from "node:http";
import { OAuth2Issuer, OAuth2Service } from "oauth2-mock-server";
import { createLocalJWKSet, decodeJwt, jwtVerify } from "jose";

const port = Number(process.argv[2]);
const TOKEN_PATH = "/v1/accounts/T12345678/auth/token";

const issuer = new OAuth2Issuer();
issuer.url = `http://127.0.0.1:${port}`;
await issuer.keys.generate("RS256");
const service = new OAuth2Service(issuer, { token: TOKEN_PATH });
const keys = createLocalJWKSet({ keys: issuer.keys.toJSON() });

const counts = {};
const client = (request) => {
  const [scheme, pair] = (request.headers.authorization ?? "").split(" ");
  return scheme === "Basic" ? Buffer.from(pair, "base64").toString().split(":") : ["nobody", ""];
};

service.on("beforeTokenSigning", (token, request) => {
  const [id] = client(request);
  token.payload.sub = id;
  if (id === "wrong-clock") {
    // Its clock is a year ahead, or what it signs is.
    token.payload.iat += 365 * 86400;
    token.payload.exp += 365 * 86400;
  }
});
service.on("beforeResponse", (response, request) => {
  const [id, secret] = client(request);
  if (secret !== "s3cret") {
    response.statusCode = 401;
    response.body = { error: { message: `no client ${id}`, code: "invalid_client" } };
  } else if (id === "fails-once" && counts[id] === 1) {
    response.statusCode = 500;
    response.body = { error: { message: "not now" } };
  } else if (id === "fails") {
    response.statusCode = 503;
    response.body = { error: { message: "not today" } };
  } else {
    response.body.expires_in = { "lives-short": 1, "lives-not": 0, "lives-oddly": "soon" }[id] ?? 14400;
  }
});

createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (request.url === "/counts") return answer(200, counts);
  if (request.url === TOKEN_PATH) {
    const [id] = client(request);
    counts[id] = (counts[id] ?? 0) + 1;
    if (id === "hangs-up") return request.socket.destroy();
    if (id === "slow") await new Promise((resolve) => setTimeout(resolve, 400));
    if (id === "hangs") return;
    if (id === "wrong-clock") response.setHeader("date", "Fri, 01 Jan 1999 00:00:00 GMT");
    response.sendDate = id !== "wrong-clock";
    return service.requestHandler(request, response);
  }
  const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  try {
    const known = decodeJwt(token).sub === "wrong-clock";
    await jwtVerify(token, keys, known ? { currentDate: new Date(Date.now() + 365 * 86400e3) } : {});
    answer(200, { id: "T12345678.x", status: "CAPTURED", amount: 100, currency: "NOK" });
  } catch (error) {
    answer(401, { error: { message: error.message } });
  }
}).listen(port, "127.0.0.1");
