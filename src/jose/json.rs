//! Strict JSON (RFC 8259): accepts only what every parser reads in the same way.
//!
//! Refuses more than syntax errors:
//! - Repeated member names at any depth. RFC 7515 §4 lets parsers keep the last one, so two parsers could see two
//!   different tokens (RFC 8725 §2.4).
//! - Lone surrogates, and numbers outside the range of a double.
//! - More than [`MAX_DEPTH`](value::MAX_DEPTH) levels of arrays and objects.

mod number;
mod reader;
mod value;
mod write;

use reader::Reader;

pub(crate) use value::{Json, JsonError, Object};
pub(crate) use write::{inside, quote};

/// Reads a text that is exactly one JSON object.
///
/// # Errors
/// The first [`JsonError`] in the text.
pub(crate) fn read_object(text: &str) -> Result<Object<'_>, JsonError> {
    match Reader::new(text).whole()? {
        Json::Object(object) => Ok(object),
        _ => Err(JsonError::NotObject),
    }
}

#[cfg(test)]
mod tests {
    use super::value::MAX_DEPTH;
    use super::{Json, JsonError, read_object};

    #[test]
    fn reads_members_in_order() {
        let object = read_object(r#" {"a":1,"b":"\u0041","c":[true,null,{}]} "#).unwrap();
        assert_eq!(object.get("a"), Some(&Json::Number(1.0)));
        assert_eq!(object.get("b"), Some(&Json::Text("A".into())));
        assert!(!object.has("d"));
    }

    #[test]
    fn names_the_reason() {
        let many = (0..20).map(|index| format!("\"m{index}\":0")).collect::<Vec<_>>().join(",");
        for (text, fault) in [
            (r#"{"a":1}x"#.to_owned(), JsonError::NotJson),
            (r#"{"a":"\ud800"}"#.to_owned(), JsonError::NotJson),
            (r#"{"a":1e400}"#.to_owned(), JsonError::NotJson),
            ("\u{feff}{}".to_owned(), JsonError::NotJson),
            ("[]".to_owned(), JsonError::NotObject),
            (r#"{"a":1,"\u0061":2}"#.to_owned(), JsonError::RepeatedName),
            (r#"{"a":{"b":1,"b":2}}"#.to_owned(), JsonError::RepeatedName),
            (format!("{{{many},\"m3\":1}}"), JsonError::RepeatedName),
        ] {
            assert_eq!(read_object(&text), Err(fault), "{text}");
        }
    }

    #[test]
    fn refuses_more_than_64_levels() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(read_object(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(read_object(&nested(MAX_DEPTH + 1)), Err(JsonError::TooDeep));
        assert_eq!(read_object(&"[".repeat(100_000)), Err(JsonError::TooDeep));
    }

    /// `serde_json` accepts repeated names and twice the depth. In everything else the two must agree.
    fn expect_agreement(text: &str) {
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        match (read_object(text), theirs) {
            (Ok(ours), Ok(serde_json::Value::Object(theirs))) => {
                let theirs = theirs.iter().collect::<Vec<_>>();
                assert_eq!(ours.members().count(), theirs.len(), "{text}");
                assert!(
                    theirs.iter().all(|(name, value)| ours.get(name).is_some_and(|ours| same(ours, value))),
                    "{text}"
                );
            }
            (Err(JsonError::NotObject), Ok(theirs)) => assert!(!theirs.is_object(), "{text}"),
            (Err(JsonError::NotJson), theirs) => assert!(theirs.is_err(), "{text}"),
            (Err(JsonError::RepeatedName | JsonError::TooDeep), _) => {}
            (ours, theirs) => panic!("{text}: {ours:?}, {theirs:?}"),
        }
    }

    fn same(ours: &Json<'_>, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Json::Array(ours), serde_json::Value::Array(theirs)) => {
                ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
            }
            (Json::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
            (Json::Null, serde_json::Value::Null) => true,
            (Json::Number(ours), serde_json::Value::Number(theirs)) => {
                let theirs = theirs.as_f64().unwrap();
                (ours - theirs).abs() <= theirs.abs() * 1e-15
            }
            (Json::Object(ours), serde_json::Value::Object(theirs)) => {
                ours.members().count() == theirs.len()
                    && theirs.iter().all(|(name, value)| ours.get(name).is_some_and(|ours| same(ours, value)))
            }
            (Json::Text(ours), serde_json::Value::String(theirs)) => ours == theirs,
            _ => false,
        }
    }

    #[test]
    fn agrees_with_serde_json() {
        let texts = [
            r#"{"sub":"alice","exp":1800000900,"nbf":1.8e9,"aud":["a","b"],"ok":true,"no":[false,null],"\u00e9":{"x":{}}}"#,
            r#" { "a" : -0.5e-3 , "b" : [ [ ] , { "c" : "\ud83d\ude00\n\"" } ] , "d" : 123456789012345678901234567890 } "#,
            r#"{"t":"\b\f\n\r\t\/\\","h":"é😀","n":[0,-0,10,0.10,1E+2,1e-400,20e-1]}"#,
        ];
        let pieces = [
            "", "\"", "\\", "{", "}", "[", "]", ",", ":", "0", "1", "9", "-", "+", ".", "e", "E", "u", "\\u", "d800",
            "\\udc00", " ", "\n", "\u{b}", "\u{1f}", "\u{7f}", "é", "\u{feff}", "true", "nul", "false", "/", "\\x",
            "01", "1.", ".5", "1e", "e308", "e309",
        ];
        // At every position of every text: replace zero, one or two characters with each piece.
        for text in texts {
            expect_agreement(text);
            for (at, _) in text.char_indices() {
                let (before, after) = text.split_at(at);
                for cut in 0..3 {
                    let kept = after.char_indices().nth(cut).map_or("", |(start, _)| &after[start..]);
                    for piece in pieces {
                        expect_agreement(&format!("{before}{piece}{kept}"));
                    }
                }
                expect_agreement(before);
            }
        }
    }

    #[test]
    fn reads_numbers_like_the_standard_library() {
        for text in [
            "0",
            "-0",
            "1",
            "1800000000.125",
            "1795529581.123456789",
            "0.1",
            "123456.789e3",
            "9007199254740993",
            "18446744073709551615",
            "18446744073709551616",
            "1e22",
            "1e23",
            "1.7976931348623157e308",
            "17976931348623157e292",
            "2.2250738585072014e-308",
            "5e-324",
            "1e-400",
            "1e-99999999999",
            "0e99999999999",
            "0.000000000000000000000000000001e330",
        ] {
            let json = format!("{{\"x\":{text}}}");
            let object = read_object(&json).unwrap();
            let Some(Json::Number(ours)) = object.get("x") else { panic!("{text}") };
            let exact = text.parse::<f64>().unwrap();
            assert!((ours - exact).abs() <= exact.abs() * 1e-14, "{text}: {ours}");
        }
        assert_eq!(read_object(r#"{"x":1800000000.123}"#).unwrap().get("x"), Some(&Json::Number(1_800_000_000.123)));
        for text in
            ["1.7976931348623159e308", "18e307", "1e309", "-1e309", "1e99999999999", "0.1e310", "00", "-", "1.", "1e+"]
        {
            assert_eq!(read_object(&format!("{{\"x\":{text}}}")), Err(JsonError::NotJson), "{text}");
        }
    }
}
