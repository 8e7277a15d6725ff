// Reads multipart bodies with two parsers that nobody here wrote: `Response.formData` of Node.js, and `email` of Python.
// `parts.mjs PORT`. A body with the text `429 once` is answered 429 the first time; `/count` tells how many requests there were.

import { spawnSync } from "node:child_process";
import { createServer } from "node:http";

const SCRIPT = `
import email, email.policy, json, sys
message = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.HTTP)
parts = []
for part in message.iter_parts():
    parts.append({
        "name": part.get_param("name", header="content-disposition"),
        "file": part.get_param("filename", header="content-disposition"),
        "type": part["content-type"],
        "text": part.get_payload(decode=True).decode("latin-1"),
    })
print(json.dumps({"parts": parts, "defects": [str(one) for one in message.defects]}))
`;

let count = 0;
let failed = false;

const form = async (body, type) => {
  const found = [];
  const data = await new Response(body, { headers: { "content-type": type } }).formData();
  for (const [name, value] of data) {
    if (typeof value === "string") {
      found.push({ name, text: value });
    } else {
      const text = Buffer.from(await value.arrayBuffer()).toString("latin1");
      found.push({ name, file: value.name, type: value.type, text });
    }
  }
  return found;
};

createServer(async (request, response) => {
  const send = (status, value) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (request.url === "/count") {
    return send(200, { count });
  }
  count += 1;
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (body.includes("429 once") && !failed) {
      failed = true;
      return send(429, {});
    }
    failed = false;
    const type = request.headers["content-type"] ?? "";
    const head = Buffer.from(`Content-Type: ${type}\r\n\r\n`);
    const input = Buffer.concat([head, body]);
    const python = spawnSync("python3", ["-c", SCRIPT], { input, maxBuffer: 1 << 26 });
    if (python.status !== 0) throw python.error ?? new Error(python.stderr.toString());
    send(200, {
      length: request.headers["content-length"] ?? null,
      coding: request.headers["transfer-encoding"] ?? null,
      size: body.length,
      form: await form(body, type),
      ...JSON.parse(python.stdout.toString()),
    });
  } catch (error) {
    send(400, { error: String(error) });
  }
}).listen(Number(process.argv[2]), "127.0.0.1");
