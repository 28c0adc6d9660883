//! Lines that work as they stand: `tests/npm/provider-pages.test.mjs` runs them.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::Known;
use crate::words::{is_public_key, is_token, signs, text};

const URL: &str = "https://example.com/webhooks";

pub(crate) fn of(known: &Known) -> String {
    let scheme = &known.schemes()[0];
    let shell = if is_public_key(scheme) { verified(known, scheme) } else { signed(known, scheme) };
    format!("## Try it\n\n```sh\n{shell}```\n\nIn Express:\n\n```js\n{}```\n", express(known, scheme))
}

/// The options that every command takes alike.
fn options(known: &Known, scheme: &Value, secret: &str) -> String {
    let name =
        if known.asks_for_scheme() { format!(" --scheme {}", text(scheme, "name")) } else { String::new() };
    let url = if signs(scheme, "{url}") { format!(" --url '{URL}'") } else { String::new() };
    format!(" --secret '{secret}'{name}{url}")
}

fn secret(scheme: &Value) -> &'static str {
    match text(scheme, "secret") {
        "whsec" => "whsec_dGhlIHNpZ25pbmcgc2VjcmV0IG9mIHRoaXMgcGFnZQ==",
        "base64" => "dGhlIHNpZ25pbmcgc2VjcmV0IG9mIHRoaXMgcGFnZQ==",
        "hex" => "746865207369676e696e6720736563726574",
        _ => "the signing secret",
    }
}

/// Signs a body, judges it, and posts it to the program below.
fn signed(known: &Known, scheme: &Value) -> String {
    let name = known.name;
    let event = &known.definition["event"];
    let type_header = event["type_header"].as_str().map(|header| format!(" '{header}: example'"));
    let more =
        |option: &str| type_header.as_ref().map(|header| format!(" {option}{header}")).unwrap_or_default();
    let options = options(known, scheme, secret(scheme));
    let method = if signs(scheme, "{method}") { " --method POST" } else { "" };
    let form = signs(scheme, "{form}");
    let media = if form { "application/x-www-form-urlencoded" } else { "application/json" };
    let headers =
        ["signature", "id", "timestamp"].iter().filter_map(|key| scheme["headers"][0][key].as_str());
    let headers = headers.fold(String::new(), |all, header| {
        all + " \\\n  --header \"$(grep '^" + header + ":' headers.txt)\""
    });
    let send = known.list("events").find(|event| event["schema"].is_string() && sendable(known));
    let send = send.map(|event| {
        format!(
            "# A sample of {event}, signed and posted at once:\nnpx hookwarden send {name} {event}{} --to http://127.0.0.1:3000/webhooks\n",
            options,
            event = text(event, "name"),
        )
    });
    format!(
        "{}npx hookwarden sign {name} body.json{options} > headers.txt\n\
         npx hookwarden verify {name} body.json{options}{method}{headers}{}\n\
         # With the program below running:\n\
         curl --fail-with-body -H @headers.txt -H 'content-type: {media}'{} \\\n  --data-binary @body.json http://127.0.0.1:3000/webhooks\n{}",
        body(scheme, event, form),
        more("--header"),
        more("-H"),
        send.unwrap_or_default(),
    )
}

/// Whether a sample is as good now as when it was written, and at any address.
fn sendable(known: &Known) -> bool {
    let scheme = &known.schemes()[0];
    scheme["timestamp_pointer"].is_null() && !signs(scheme, "{url}")
}

/// The line that writes a small body of the right form.
fn body(scheme: &Value, event: &Value, form: bool) -> String {
    let place = event["type"][0].as_str();
    if form {
        let field = place.unwrap_or("/type").trim_start_matches('/');
        return format!("printf '%s' '{field}=example&n=1' > body.json\n");
    }
    let mut payload = place.map_or(json!({ "action": "example" }), |place| nested(place, json!("example")));
    match scheme["timestamp_pointer"].as_str() {
        None => format!("printf '%s' '{payload}' > body.json\n"),
        Some(at) => {
            payload[at.trim_start_matches('/')] = json!("NOW");
            let text = payload.to_string().replace("\"NOW\"", "%s000");
            format!("printf '{text}' \"$(date +%s)\" > body.json\n")
        }
    }
}

/// A payload in which a pointer leads to a value.
fn nested(pointer: &str, value: Value) -> Value {
    pointer.split('/').skip(1).collect::<Vec<_>>().into_iter().rev().fold(value, |inner, token| match token {
        "0" => json!([inner]),
        token => json!({ token: inner }),
    })
}

/// A delivery of the vectors, since nobody else can sign one.
fn verified(known: &Known, scheme: &Value) -> String {
    let name = text(scheme, "name");
    let fits = |vector: &&Value| {
        vector["expect"]["verdict"] == "accepted"
            && vector["scheme"].as_str().is_none_or(|scheme| scheme == name)
    };
    let vector = known.vectors.iter().find(fits).unwrap();
    let bytes = Base64::decode_vec(text(vector, "body_base64")).unwrap();
    assert!(bytes.iter().all(u8::is_ascii) && !bytes.contains(&b'\''), "for a shell");
    let headers = vector["headers"].as_array().unwrap().iter();
    let headers = headers.fold(String::new(), |all, pair| {
        let [name, value] = [0, 1].map(|at| pair[at].as_str().unwrap());
        all + " \\\n  --header '" + name + ": " + value + "'"
    });
    let options = options(known, scheme, vector["secrets"][0].as_str().unwrap());
    format!(
        "# A delivery of tests/vectors/{}.json, at its time.\nprintf '%s' '{}' | base64 -d > body.json\n\
         npx hookwarden verify {} body.json{options} --now {}{headers}\n",
        known.name,
        text(vector, "body_base64"),
        known.name,
        vector["now"],
    )
}

fn express(known: &Known, scheme: &Value) -> String {
    let name = known.name;
    let variable = name.to_uppercase().replace('-', "_");
    let token = known.list("handshakes").any(|rule| rule["token"].is_string());
    let options = [
        (true, format!("secret: process.env.{variable}_SECRET")),
        (known.asks_for_scheme(), format!("scheme: \"{}\"", text(scheme, "name"))),
        (signs(scheme, "{url}"), format!("url: \"{URL}\"")),
        (token, format!("handshakeToken: process.env.{variable}_TOKEN")),
    ];
    let options: Vec<_> = options.into_iter().filter(|(needed, _)| *needed).map(|(_, text)| text).collect();
    let options = options.join(", ");
    let post = known.definition["methods"].is_null()
        && known.list("handshakes").all(|rule| rule["method"].is_null());
    let route = if post { "post" } else { "all" };
    let note = if is_token(scheme) { "// The header holds the secret itself.\n" } else { "" };
    format!(
        "import express from \"express\";\nimport {{ webhook }} from \"hookwarden/express\";\n\nconst app = express();\n\
         const options = {{ {options} }};\n\n{note}app.{route}(\"/webhooks\", webhook(\"{name}\", options), (request, response) => {{\n  \
         console.log(request.webhook.event.type, request.webhook.payload);\n  response.sendStatus(204);\n}});\n\napp.listen(3000);\n"
    )
}
