//! Our JSON reader and `serde_json` read every text alike. If only ours refuses a text, it is one that we refuse on
//! purpose.

#![no_main]

mod base64url;
mod edit;

use countersign::jwt::decode_unverified;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

use base64url::base64url;
use edit::{Edit, edited};

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Edited(Vec<Edit<'a>>),
    Text(&'a str),
}

const TEXT: &str =
    r#"{"a":[1,-0.5e+3,true,null,{"b":"\u00e9\ud83d\ude00\n"}],"exp":1800000900.25,"x":1.7976931348623157e308}"#;

fuzz_target!(|input: Input<'_>| {
    let payload = match &input {
        Input::Edited(edits) => edited(TEXT, edits),
        Input::Text(text) => (*text).to_owned(),
    };
    let ours = decode_unverified(&format!("e30.{}.", base64url(payload.as_bytes())));
    let theirs = serde_json::from_str::<Value>(&payload);
    match ours.map_err(|error| error.to_string()) {
        Ok(verified) => {
            assert_eq!(verified.claims, payload);
            assert!(theirs.expect("JSON").is_object());
        }
        // Near the end of the range, rounding differs between the two.
        Err(message) if message == "payload is not JSON" => {
            assert!(theirs.is_err() || payload.contains(['e', 'E']) || 300 < payload.len(), "this is JSON");
        }
        Err(message) if message == "payload is not a JSON object" => assert!(!theirs.expect("JSON").is_object()),
        Err(message) => assert!(
            [
                "payload repeats a member name",
                "payload nests deeper than 64 levels",
                "token is longer than 16384 bytes"
            ]
            .contains(&message.as_str()),
            "{message}"
        ),
    }
});
