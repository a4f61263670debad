//! Runs every password case of `tests/vectors` on the native build: the same data that every runtime runs.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::HashSet;
use std::env;
use std::fs;
use std::num::NonZero;
use std::panic;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use countersign::password::{self, Description, LimitsOptions, ParamsOptions, PasswordHasher, Policy, Scheme, Verdict};
use countersign::{Error, ErrorCode, options};
use serde_json::{Value, json};

/// Stands for a lone surrogate, which the files write as an escape and no Rust string can hold.
const LONE_SURROGATE: &str = "\u{e000}";

#[test]
fn every_case_has_the_expected_answer() {
    let mutants = MutantRun::of_environment();
    let mut cases: Vec<_> = vector_files()
        .iter()
        .flat_map(|file| {
            let document: Value = serde_json::from_str(&read(file)).unwrap();
            let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
            let named = |case: &Value| (format!("{stem}: {}", case["name"].as_str().unwrap()), case.clone());
            document["cases"].as_array().unwrap().iter().map(named).collect::<Vec<_>>()
        })
        .collect();
    let count = cases.len();
    cases.retain(|(name, _)| !mutants.as_ref().is_some_and(|mutants| mutants.leaves_out(name)));
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    // Many cases are meant to be slow, so every processor takes the next one.
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some((name, case)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let start = Instant::now();
                    let answer = panic::catch_unwind(|| check(case)).unwrap_or_else(|_| Err("  panicked".into()));
                    if let Err(difference) = answer {
                        failures.lock().unwrap().push(format!("{name}\n{difference}"));
                        // For mutants, the first failure decides.
                        next.fetch_add(if mutants.is_some() { cases.len() } else { 0 }, Ordering::Relaxed);
                    }
                    if let Some(mutants) = &mutants {
                        mutants.record(name, start.elapsed());
                    }
                }
            });
        }
    });
    if let Some(mutants) = mutants {
        mutants.write();
    }
    let failures = failures.into_inner().unwrap();
    println!("{count} cases, {} failures", failures.len());
    assert!(count > 300);
    assert!(failures.is_empty(), "{} of {count} cases failed\n\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn an_unknown_user_costs_what_a_known_one_does() {
    let cheap = |scheme, params| Policy { scheme: Some(scheme), params, ..Default::default() };
    let argon2 = ParamsOptions { memory_kib: Some(1024), ..Default::default() };
    let mut policies = vec![cheap(Scheme::Argon2id, argon2)];
    if cfg!(feature = "schemes") {
        policies.extend([
            cheap(Scheme::Scrypt, ParamsOptions { cost: Some(10), ..Default::default() }),
            cheap(Scheme::Bcrypt, ParamsOptions { cost: Some(10), ..Default::default() }),
            cheap(Scheme::Pbkdf2Sha256, ParamsOptions { iterations: Some(2000), ..Default::default() }),
            cheap(Scheme::Pbkdf2Sha512, ParamsOptions { iterations: Some(2000), ..Default::default() }),
        ]);
    }
    // The last password is checked in two forms.
    for (policy, wrong) in policies.iter().map(|policy| (policy, "another")).chain([(&policies[0], "cafe\u{301}")]) {
        let hasher = PasswordHasher::new(policy).unwrap();
        let stored = hasher.hash("password").unwrap();
        let mut ratios = (0..20).map(|_| cost_of_unknown_user(&hasher, &stored, wrong));
        // A function that computes nothing, or half, or twice as much, is never within these bounds.
        assert!(ratios.any(|ratio| (0.8..1.25).contains(&ratio)), "{:?}", policy.scheme);
    }
}

#[test]
fn a_password_that_is_too_long_for_one_hash_costs_what_a_new_hash_does() {
    let params = ParamsOptions { memory_kib: Some(8192), ..Default::default() };
    let hasher = PasswordHasher::new(&Policy { params, ..Default::default() }).unwrap();
    let long = "p".repeat(4096);
    let stored = format!("$6$rounds=656000$salt${}", ".".repeat(86));
    let (mut refused, mut unknown) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..10 {
        let start = Instant::now();
        let error = hasher.verify(&long, Some(&stored)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::PasswordTooLong);
        refused = refused.min(start.elapsed().as_secs_f64());
        let start = Instant::now();
        assert!(!hasher.verify(&long, None).unwrap().ok);
        unknown = unknown.min(start.elapsed().as_secs_f64());
    }
    assert!(unknown / refused < 2.0, "{unknown} {refused}");
}

#[test]
#[cfg(feature = "schemes")]
fn a_password_that_wordpress_or_phpbb_escaped_is_renewed_as_it_is_typed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/password-foreign.json");
    let document: Value = serde_json::from_str(&read(&file)).unwrap();
    let params = ParamsOptions { memory_kib: Some(64), ..Default::default() };
    let hasher = PasswordHasher::new(&Policy { params, ..Default::default() }).unwrap();
    let mut renewed = 0;
    for case in document["cases"].as_array().unwrap() {
        let [name, password, stored] =
            ["name", "password", "stored"].map(|name| case[name].as_str().unwrap_or_default());
        if !(name.starts_with("accepts_php_") && name.contains("_log_in_")) {
            continue;
        }
        renewed += 1;
        let updated = hasher.verify_and_update(password, Some(stored)).unwrap();
        assert!(updated.ok, "{name}");
        let verdict = hasher.verify(password, updated.new_hash.as_deref()).unwrap();
        assert!(verdict.ok && !verdict.needs_rehash, "{name}");
    }
    assert_eq!(renewed, 9);
}

#[test]
fn memory_is_limited_to_what_pointers_of_the_target_can_reach() {
    let most = if cfg!(target_pointer_width = "32") { 2_097_151 } else { 4_194_304 };
    let refused = |limits: LimitsOptions| {
        let error = PasswordHasher::new(&Policy { limits, ..Default::default() }).unwrap_err();
        assert_eq!(error.code(), ErrorCode::OptionInvalid);
        error.to_string()
    };
    for memory_kib in [7, most + 1] {
        let message = refused(LimitsOptions { memory_kib: Some(memory_kib), ..Default::default() });
        assert_eq!(message, format!("option \"limits.memoryKib\" is not between 8 and {most}"));
    }
    for scrypt_memory_kib in [0, most + 1] {
        let message = refused(LimitsOptions { scrypt_memory_kib: Some(scrypt_memory_kib), ..Default::default() });
        assert_eq!(message, format!("option \"limits.scryptMemoryKib\" is not between 1 and {most}"));
    }
    let limits = LimitsOptions { memory_kib: Some(most), scrypt_memory_kib: Some(most), ..Default::default() };
    PasswordHasher::new(&Policy { limits, ..Default::default() }).unwrap();
    // What RFC 9106 §4 recommends first.
    let params = ParamsOptions { memory_kib: Some(2_097_152), passes: Some(1), lanes: Some(4), ..Default::default() };
    assert_eq!(PasswordHasher::new(&Policy { params, limits, ..Default::default() }).is_ok(), 2_097_151 < most);
}

#[test]
fn a_hash_can_be_described_whatever_it_costs() {
    let long =
        "$scrypt$ln=32,r=4294967295,p=4294967295$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert!(password::describe(long).is_ok());
    let error = password::describe(&long.replace("ln=32", "ln=33")).unwrap_err();
    assert_eq!(error.code(), ErrorCode::HashCostTooHigh);
}

/// In checks of the known user's hash: the median over pairs of checks. Other load on the machine hits either one of a
/// pair equally often, and so does not move the median.
fn cost_of_unknown_user(hasher: &PasswordHasher, stored: &str, wrong: &str) -> f64 {
    let time = |stored: Option<&str>| {
        let start = Instant::now();
        assert!(!hasher.verify(wrong, stored).unwrap().ok);
        start.elapsed().as_secs_f64()
    };
    let mut ratios = [(); 21].map(|()| {
        let (first, known, last) = (time(None), time(Some(stored)), time(None));
        f64::midpoint(first, last) / known
    });
    ratios.sort_by(f64::total_cmp);
    ratios[10]
}

#[test]
fn a_stored_text_of_any_length_is_refused_at_once() {
    let hasher = PasswordHasher::new(&Policy::default()).unwrap();
    let endless = format!("$argon2id$v=19$m=8,t=1,p=1${}", "A".repeat(100 << 20));
    let start = Instant::now();
    let error = hasher.verify("password", Some(&endless)).unwrap_err();
    assert_eq!(error.to_string(), "stored hash is longer than 1024 bytes");
    assert!(start.elapsed() < Duration::from_millis(5));
}

/// `tests/mutants/rust.mjs` runs these tests hundreds of times. First it leaves out the cases that take long, and the first failure
/// ends a run. What survives that runs again with all cases, without this.
struct MutantRun {
    path: PathBuf,
    /// None in the first run, which has no change in it and finds them.
    slow_cases: Option<HashSet<String>>,
    found: Mutex<Vec<String>>,
}

impl MutantRun {
    fn of_environment() -> Option<Self> {
        let path = PathBuf::from(env::var_os("COUNTERSIGN_SLOW_CASES")?);
        let slow_cases = fs::read_to_string(&path).ok().map(|text| text.lines().map(Into::into).collect());
        Some(Self { path, slow_cases, found: Mutex::default() })
    }

    fn leaves_out(&self, name: &str) -> bool {
        self.slow_cases.as_ref().is_some_and(|names| names.contains(name))
    }

    fn record(&self, name: &str, elapsed: Duration) {
        if elapsed > Duration::from_millis(30) {
            self.found.lock().unwrap().push(name.into());
        }
    }

    fn write(self) {
        if self.slow_cases.is_none() {
            fs::write(self.path, self.found.into_inner().unwrap().join("\n")).unwrap();
        }
    }
}

fn vector_files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let name = path.file_stem().unwrap().to_string_lossy();
        name.starts_with("password") && path.extension().is_some_and(|extension| extension == "json")
    });
    // The small ones first: they have most of what a mutant may break.
    files.sort_by_key(|path| (fs::metadata(path).unwrap().len(), path.clone()));
    files
}

/// The text of a file, with each lone surrogate replaced. Pairs are in the files as characters, not as escapes.
fn read(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let mut parts = text.split("\\ud");
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        assert!(part.starts_with(['8', '9', 'a', 'b', 'c', 'd', 'e', 'f']), "an escape of another character");
        read.push_str(LONE_SURROGATE);
        read.push_str(&part[3..]);
    }
    read
}

fn check(case: &Value) -> Result<(), String> {
    if case["password"].as_str().is_some_and(|password| password.contains(LONE_SURROGATE)) {
        // A Rust string cannot hold this; the reader of the text refuses it.
        assert_eq!(case["expect"]["error"]["code"], ErrorCode::PasswordInvalid.as_str());
        return Ok(());
    }
    let actual = match answer(case) {
        Ok(value) => json!({ "ok": value }),
        Err(error) => json!({ "error": { "code": error.code().as_str(), "message": error.to_string() } }),
    };
    let expected = &case["expect"];
    if matches(&actual, expected) { Ok(()) } else { Err(format!("  expected {expected}\n  got      {actual}")) }
}

/// Equality, where a new hash need only look as expected.
fn matches(actual: &Value, expected: &Value) -> bool {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            actual.len() == expected.len()
                && actual.iter().all(|(name, value)| expected.get(name).is_some_and(|other| matches(value, other)))
        }
        (Value::String(actual), Value::String(pattern)) if pattern.starts_with("\\$") => fits(actual, pattern),
        _ => actual == expected,
    }
}

/// Whether a text fits a pattern of characters, of them after a backslash, and of `[A-Za-z0-9xy]{n}`.
fn fits(mut text: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split('[');
    let prefix = pieces.next().unwrap().replace('\\', "");
    let Some(rest) = text.strip_prefix(&prefix) else { return false };
    text = rest;
    for piece in pieces {
        let (class, rest) = piece.split_once("]{").unwrap();
        let (count, literal) = rest.split_once('}').unwrap();
        let Some((run, rest)) = text.split_at_checked(count.parse().unwrap()) else { return false };
        let others = class.strip_prefix("A-Za-z0-9").unwrap();
        if !run.chars().all(|one| one.is_ascii_alphanumeric() || others.contains(one)) {
            return false;
        }
        let Some(rest) = rest.strip_prefix(&literal.replace('\\', "")) else { return false };
        text = rest;
    }
    text.is_empty()
}

fn answer(case: &Value) -> Result<Value, Error> {
    let policy = match &case["policy"] {
        Value::Null => Policy::default(),
        policy => options::read(policy.as_object().cloned().unwrap_or_default())?,
    };
    let hasher = PasswordHasher::new(&policy)?;
    let account = case["account"].as_str();
    #[cfg(feature = "schemes")]
    let hasher = account.map_or_else(|| Ok(hasher.clone()), |account| hasher.bound_to(account))?;
    let presented = case["password"].as_str().unwrap_or_default();
    let stored = case["stored"].as_str();
    Ok(match case["op"].as_str().unwrap() {
        "describePassword" => {
            let Description { scheme, format, costs, bound, pepper, .. } = hasher.describe(stored.unwrap())?;
            let mut described = json!({ "scheme": scheme.name(), "format": format });
            for (name, cost) in costs {
                described[name] = cost.into();
            }
            if let Some(id) = pepper {
                described["pepper"] = id.into();
            }
            if bound {
                described["bound"] = true.into();
            }
            described
        }
        "hash" => {
            let stored = hasher.hash(presented)?;
            let other = if account.is_some() { hasher.hash(presented)? } else { password::hash(presented, &policy)? };
            for stored in [&stored, &other] {
                assert!(hasher.verify(presented, Some(stored))?.ok, "what is hashed can be checked");
            }
            assert_ne!(stored, other, "each has a salt of its own");
            stored.into()
        }
        "identifyPassword" => hasher.identify(stored.unwrap()).map(Scheme::name).into(),
        "needsRehash" => {
            let needed = hasher.needs_rehash(stored.unwrap())?;
            assert!(account.is_some() || password::needs_rehash(stored.unwrap(), &policy)? == needed);
            needed.into()
        }
        "verifyAndUpdate" => {
            let updated = hasher.verify_and_update(presented, stored)?;
            if let Some(new_hash) = &updated.new_hash {
                let verdict = hasher.verify(presented, Some(new_hash))?;
                assert!(verdict.ok && !verdict.needs_rehash, "a new hash follows the policy");
            }
            json!({ "ok": updated.ok, "newHash": updated.new_hash })
        }
        "verifyPassword" => {
            let Verdict { ok, needs_rehash, scheme } = hasher.verify(presented, stored)?;
            assert!(account.is_some() || password::verify(presented, stored, &policy)? == ok);
            json!({ "ok": ok, "needsRehash": needs_rehash, "scheme": scheme.map(Scheme::name) })
        }
        op => panic!("unknown op {op}"),
    })
}
