//! Strict JSON (RFC 8259): what every runtime's parser reads alike, and nothing else.
//!
//! Beyond the syntax: no repeated member names at any depth (RFC 8725 §2.4 and RFC 7515 §4 leave the choice, and two
//! parsers that choose differently see two tokens), no lone surrogates, no number out of the range of a double, and at
//! most [`MAX_DEPTH`] levels of arrays and objects.

mod number;
mod reader;
mod write;

use std::borrow::Cow;
use std::collections::BTreeSet;

use reader::Reader;

pub(crate) use write::{inside, quote};

/// How many arrays and objects may stand inside one another, the outermost counted.
pub(crate) const MAX_DEPTH: usize = 64;

/// A JSON value. Text without escapes is borrowed.
#[derive(Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Array(Vec<Json<'a>>),
    Bool(bool),
    Null,
    Number(f64),
    Object(Object<'a>),
    Text(Cow<'a, str>),
}

/// A JSON object, its members in the order of the text.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(member, _)| same_name(member, name)).map(|(_, value)| value)
    }

    /// The members in the order of the text.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why a text is not the object we read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
// As wide as what stands in its place in a result: of one byte, it would have what is read moved by odd bytes.
#[repr(u32)]
pub(crate) enum Fault {
    NotJson,
    NotObject,
    RepeatedName,
    TooDeep,
}

impl Fault {
    /// The end of a sentence that starts with what the text is: "payload is not JSON".
    pub(crate) const fn clause(self) -> &'static str {
        match self {
            Self::NotJson => "is not JSON",
            Self::NotObject => "is not a JSON object",
            Self::RepeatedName => "repeats a member name",
            Self::TooDeep => "nests deeper than 64 levels",
        }
    }
}

/// Reads one JSON object and nothing after it.
///
/// # Errors
/// The first [`Fault`] met.
pub(crate) fn read_object(text: &str) -> Result<Object<'_>, Fault> {
    match Reader::new(text).whole()? {
        Json::Object(object) => Ok(object),
        _ => Err(Fault::NotObject),
    }
}

/// Compares names that look alike in small objects, and sorts in large ones, so that the cost stays near linear.
fn repeats_a_name(members: &[(Cow<'_, str>, Json<'_>)]) -> bool {
    const SMALL: usize = 16;
    if SMALL < members.len() {
        return names_of(members.iter().map(|(name, _)| name.as_ref())).is_none();
    }
    let mut seen = 0_u64;
    members.iter().enumerate().any(|(index, (name, _))| {
        let look = look(name);
        let seen_before = seen & look != 0;
        seen |= look;
        seen_before && members.iter().take(index).any(|(earlier, _)| same_name(earlier, name))
    })
}

/// One of 64 bits, the same for the same name: what is unlike needs no comparison, and the names of claims nearly all are.
fn look(name: &str) -> u64 {
    let letter = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
    let (first, last) = (letter(name.as_bytes().first()), letter(name.as_bytes().last()));
    1 << (first.wrapping_add(last << 1).wrapping_add(name.len()) & 63)
}

/// Looks at the first letters first: most names of claims have three, and that saves calling a loop over them.
#[expect(clippy::inline_always, reason = "compiled for size it would be a call, for each pair of names")]
#[inline(always)]
fn same_name(left: &str, right: &str) -> bool {
    left.as_bytes().first() == right.as_bytes().first() && left == right
}

/// The set of these names, or nothing if one is repeated. The work stays near linear, whoever chose the names.
pub(crate) fn names_of<'a>(names: impl Iterator<Item = &'a str>) -> Option<BTreeSet<&'a str>> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return None;
        }
    }
    Some(seen)
}

#[cfg(test)]
mod tests {
    use super::{Fault, Json, MAX_DEPTH, read_object};

    #[test]
    fn reads_members_in_order() {
        let object = read_object(r#" {"a":1,"b":"\u0041","c":[true,null,{}]} "#).unwrap();
        assert_eq!(object.get("a"), Some(&Json::Number(1.0)));
        assert_eq!(object.get("b"), Some(&Json::Text("A".into())));
        assert!(!object.has("d"));
    }

    #[test]
    fn names_the_fault() {
        let many = (0..20).map(|index| format!("\"m{index}\":0")).collect::<Vec<_>>().join(",");
        for (text, fault) in [
            (r#"{"a":1}x"#.to_owned(), Fault::NotJson),
            (r#"{"a":"\ud800"}"#.to_owned(), Fault::NotJson),
            (r#"{"a":1e400}"#.to_owned(), Fault::NotJson),
            ("\u{feff}{}".to_owned(), Fault::NotJson),
            ("[]".to_owned(), Fault::NotObject),
            (r#"{"a":1,"\u0061":2}"#.to_owned(), Fault::RepeatedName),
            (r#"{"a":{"b":1,"b":2}}"#.to_owned(), Fault::RepeatedName),
            (format!("{{{many},\"m3\":1}}"), Fault::RepeatedName),
        ] {
            assert_eq!(read_object(&text), Err(fault), "{text}");
        }
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(read_object(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(read_object(&nested(MAX_DEPTH + 1)), Err(Fault::TooDeep));
        assert_eq!(read_object(&"[".repeat(100_000)), Err(Fault::TooDeep));
    }

    /// `serde_json` takes repeated names and double the depth; in all else the two agree.
    fn expect_agreement(text: &str) {
        let theirs = serde_json::from_str::<serde_json::Value>(text);
        match (read_object(text), theirs) {
            (Ok(ours), Ok(serde_json::Value::Object(theirs))) => {
                let theirs = theirs.iter().collect::<Vec<_>>();
                assert_eq!(ours.0.len(), theirs.len(), "{text}");
                assert!(
                    theirs.iter().all(|(name, value)| ours.get(name).is_some_and(|ours| same(ours, value))),
                    "{text}"
                );
            }
            (Err(Fault::NotObject), Ok(theirs)) => assert!(!theirs.is_object(), "{text}"),
            (Err(Fault::NotJson), theirs) => assert!(theirs.is_err(), "{text}"),
            (Err(Fault::RepeatedName | Fault::TooDeep), _) => {}
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
                ours.0.len() == theirs.len()
                    && theirs.iter().all(|(name, value)| ours.get(name).is_some_and(|ours| same(ours, value)))
            }
            (Json::Text(ours), serde_json::Value::String(theirs)) => ours == theirs,
            _ => false,
        }
    }

    #[test]
    fn agrees_with_another_reader() {
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
        // Every place in every text, with a character or none in the place of none or some.
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
    fn reads_numbers_as_others_do() {
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
            assert_eq!(read_object(&format!("{{\"x\":{text}}}")), Err(Fault::NotJson), "{text}");
        }
    }
}
