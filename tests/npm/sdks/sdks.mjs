// The providers' own libraries, and the public specification's, as the cross-tests need them. They are installed here,
// in a package of its own: they are large, and nothing else needs them.
//
// `accepts` says whether the library takes a delivery, `sign` gives the headers that it makes. Few have both.

import { verifyWebhook } from "@clerk/backend/webhooks";
import { LinearWebhookClient } from "@linear/sdk/webhooks";
import { signWebhookPayload, verifyWebhookSignature } from "@notionhq/client";
import { sign as octokitSign, verify as octokitVerify } from "@octokit/webhooks-methods";
import { Paddle } from "@paddle/paddle-node-sdk";
import sendgrid from "@sendgrid/eventwebhook";
import slack from "@slack/bolt/dist/receivers/verify-request.js";
import { WorkOS } from "@workos-inc/node";
import { verifyKey } from "discord-interactions";
import { createHash, generateKeyPairSync, sign as signWith } from "node:crypto";
import { Resend } from "resend";
import { Webhook as StandardWebhook } from "standardwebhooks";
import starkbank from "starkbank-ecdsa";
import Stripe from "stripe";
import { Webhook as SvixWebhook } from "svix";
import twilio from "twilio";

const stripe = new Stripe("sk_test_0");
const { EventWebhook } = sendgrid;
const { Ecdsa, PrivateKey } = starkbank;
const { verifySlackRequest } = slack;

/** Whether a function neither throws nor answers `false`. */
async function passes(verify) {
  try {
    return (await verify()) !== false;
  } catch {
    return false;
  }
}

const workos = new WorkOS("sk_test_0").webhooks;
const URL = "https://example.com/webhooks?account=1";
const WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MESSAGE = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
const date = (now) => new Date(now * 1000);
const JSON_TEXT = { type: "user.created", data: { number: 1e21, name: "Zoë \u2028 \"quoted\"", end: "letters" } };

const ed25519 = generateKeyPairSync("ed25519");
const p256 = new PrivateKey();

/** Svix and what follows it: the names of the headers, and who verifies. */
function listOfVersions(provider, family, Library, accepts, more) {
  return {
    provider,
    secret: WHSEC,
    id: MESSAGE,
    accepts,
    sign: ({ body, now }) => ({
      [`${family}-id`]: MESSAGE,
      [`${family}-timestamp`]: String(now),
      [`${family}-signature`]: new Library(WHSEC).sign(MESSAGE, date(now), body),
    }),
    ...more,
  };
}

export const SDKS = [
  {
    sdk: "stripe",
    provider: "stripe",
    secret: "whsec_test_secret",
    accepts: ({ body, headers, secret }) => passes(() =>
      stripe.webhooks.constructEvent(body, headers["stripe-signature"], secret)),
    sign: ({ body, secret, now }) => ({
      "stripe-signature": stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: now }),
    }),
  },
  {
    sdk: "@octokit/webhooks-methods",
    provider: "github",
    scheme: "hmac-sha256",
    secret: "It's a Secret to Everybody",
    accepts: ({ body, headers, secret }) => passes(() => octokitVerify(secret, body, headers["x-hub-signature-256"])),
    sign: async ({ body, secret }) => ({ "x-hub-signature-256": await octokitSign(secret, body) }),
  },
  {
    sdk: "twilio (form)",
    provider: "twilio",
    scheme: "form",
    secret: "12345",
    url: URL,
    body: "From=%2B14158675309&To=%2B18005551212&MessageStatus=sent&Body=a+b%26c&Empty=",
    accepts: ({ body, headers, secret }) => passes(() => {
      const parameters = Object.fromEntries(new URLSearchParams(body));
      return twilio.validateRequest(secret, headers["x-twilio-signature"], URL, parameters);
    }),
    sign: ({ body, secret }) => {
      const parameters = Object.fromEntries(new URLSearchParams(body));
      return { "x-twilio-signature": twilio.getExpectedTwilioSignature(secret, URL, parameters) };
    },
  },
  {
    sdk: "twilio (JSON)",
    provider: "twilio",
    scheme: "json",
    secret: "12345",
    // The digest of the body is a parameter of the URL, which the sender makes.
    url: ({ body }) => `${URL}&bodySHA256=${createHash("sha256").update(body).digest("hex")}`,
    accepts: ({ body, headers, secret, url }) => passes(() =>
      twilio.validateRequestWithBody(secret, headers["x-twilio-signature"], url, body)),
    sign: ({ secret, url }) => ({ "x-twilio-signature": twilio.getExpectedTwilioSignature(secret, url, {}) }),
  },
  {
    sdk: "@slack/bolt",
    provider: "slack",
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    accepts: ({ body, headers, secret }) => passes(() => {
      const time = Number(headers["x-slack-request-timestamp"]);
      const given = { "x-slack-signature": headers["x-slack-signature"], "x-slack-request-timestamp": time };
      verifySlackRequest({ signingSecret: secret, body, headers: given });
    }),
  },
  {
    sdk: "@sendgrid/eventwebhook",
    provider: "sendgrid",
    secret: p256.publicKey().toPem().replace(/-----.*?-----|\n/g, ""),
    body: '[{"email":"example@test.com","event":"delivered","timestamp":1513299569}]\r\n',
    accepts: ({ body, headers, secret }) => passes(() => {
      const values = ["signature", "timestamp"].map((name) => headers[`x-twilio-email-event-webhook-${name}`]);
      const [signature, time] = values;
      const webhook = new EventWebhook();
      return webhook.verifySignature(webhook.convertPublicKeyToECDSA(secret), body, signature, time);
    }),
    // With the library that it verifies with.
    sign: ({ body, now }) => ({
      "x-twilio-email-event-webhook-timestamp": String(now),
      "x-twilio-email-event-webhook-signature": Ecdsa.sign(`${now}${body}`, p256).toBase64(),
    }),
    onlyVerifies: true,
  },
  {
    sdk: "discord-interactions",
    provider: "discord",
    secret: ed25519.publicKey.export({ format: "jwk" }).x,
    key: (text) => Buffer.from(text, "base64url").toString("hex"),
    accepts: ({ body, headers, secret }) => passes(() =>
      verifyKey(body, headers["x-signature-ed25519"], headers["x-signature-timestamp"], secret)),
    // It does not sign; node:crypto does what Discord's documents say.
    sign: ({ body, now }) => ({
      "x-signature-timestamp": String(now),
      "x-signature-ed25519": signWith(null, Buffer.from(`${now}${body}`), ed25519.privateKey).toString("hex"),
    }),
    onlyVerifies: true,
  },
  {
    sdk: "@workos-inc/node",
    provider: "workos",
    secret: "workos_secret",
    // It hashes what JSON.stringify makes of the payload.
    body: JSON.stringify(JSON_TEXT),
    accepts: ({ body, headers, secret }) => passes(() =>
      workos.verifyHeader({ payload: JSON.parse(body), sigHeader: headers["workos-signature"], secret })),
    sign: async ({ body, secret, now }) => ({
      "workos-signature": `t=${now}000, v1=${await workos.computeSignature(`${now}000`, JSON.parse(body), secret)}`,
    }),
  },
  {
    sdk: "@notionhq/client",
    provider: "notion",
    secret: "secret_a_verification_token",
    accepts: ({ body, headers, secret }) => passes(() =>
      verifyWebhookSignature({ body, signature: headers["x-notion-signature"], verificationToken: secret })),
    sign: async ({ body, secret }) => ({
      "x-notion-signature": await signWebhookPayload({ body, verificationToken: secret }),
    }),
  },
  {
    sdk: "@linear/sdk",
    provider: "linear",
    secret: "lin_wh_secret",
    body: ({ now }) => JSON.stringify({ ...JSON_TEXT, webhookTimestamp: now * 1000 }),
    accepts: ({ body, headers, secret, now }) => passes(() =>
      new LinearWebhookClient(secret).verify(Buffer.from(body), headers["linear-signature"], now * 1000)),
  },
  {
    sdk: "@paddle/paddle-node-sdk",
    provider: "paddle",
    secret: "pdl_ntfset_secret",
    accepts: ({ body, headers, secret }) => passes(() =>
      new Paddle("pdl_0").webhooks.isSignatureValid(body, secret, headers["paddle-signature"])),
  },
  listOfVersions("standard-webhooks", "webhook", StandardWebhook, ({ body, headers, secret }) =>
    passes(() => new StandardWebhook(secret).verify(body, headers)), { sdk: "standardwebhooks", scheme: "hmac" }),
  listOfVersions("svix", "svix", SvixWebhook, ({ body, headers, secret }) =>
    passes(() => new SvixWebhook(secret).verify(body, headers)), { sdk: "svix" }),
  listOfVersions("recall-ai", "webhook", StandardWebhook, ({ body, headers, secret }) =>
    passes(() => new StandardWebhook(secret).verify(body, headers)), { sdk: "standardwebhooks (Recall.ai)" }),
  listOfVersions("gitlab", "webhook", StandardWebhook, ({ body, headers, secret }) =>
    passes(() => new StandardWebhook(secret).verify(body, headers)),
    { sdk: "standardwebhooks (GitLab)", scheme: "signing-token" }),
  listOfVersions("resend", "svix", SvixWebhook, ({ body, headers, secret }) => passes(() => {
    const [id, timestamp, signature] = ["id", "timestamp", "signature"].map((name) => headers[`svix-${name}`]);
    const given = { id, timestamp, signature };
    return new Resend("re_0").webhooks.verify({ payload: body, headers: given, webhookSecret: secret });
  }), { sdk: "resend" }),
  listOfVersions("clerk", "svix", SvixWebhook, ({ body, headers, secret }) => passes(() => {
    const request = new Request("https://example.com/", { method: "POST", headers, body });
    return verifyWebhook(request, { signingSecret: secret });
  }), { sdk: "@clerk/backend" }),
];

/** A body as it is where the entry names none: with what JSON.stringify would write in another way. */
export const BODY = [
  '{ "type": "user.created",',
  '  "data": { "name": "Zo\\u00eb", "amount": 1.0, "text": "é\\/\\u2028", "end": "letters" } }\n',
].join("\n");
