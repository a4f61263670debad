//! Whatever stands in a password column, a check answers or errs, takes no more memory than the policy allows, and says
//! yes to no password but the one that was hashed.

#![no_main]

mod edit;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use countersign::ErrorCode;
use countersign::password::{
    LimitsOptions, ParamsOptions, PasswordHasher, PepperKey, PepperOption, PepperOptions, Policy, Scheme,
};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization;

use edit::{Edit, edited};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    /// None is the right one.
    password: Option<&'a str>,
    stored: Stored<'a>,
}

#[derive(Arbitrary, Debug)]
enum Stored<'a> {
    Good(u8),
    GoodEdited(u8, Vec<Edit<'a>>),
    Nothing,
    Text(&'a str),
}

const PASSWORD: &str = "correct horse battery staple";
/// Of that password: Argon2 by its reference implementation, the others by OpenSSL and bcryptjs.
const GOOD: [&str; 11] = [
    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$XLeLg+p+JNgiFrQNsye8eofeXr30s6P3j/ke/9xgk/0",
    "$argon2d$v=16$m=64,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$s90SiGS9YHFRrSpNxCZ3z4XN5hSrL7z5OM8TwXr5Fvg",
    "$argon2i$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$hpkopB0MlYvMFPIxIm3fENT3Zj8hEHgKO54ZrchGGbk",
    "$argon2id$v=19$m=64,t=1,p=1,data=YWQ$c29tZXNhbHRzb21lc2FsdA$SS9v2ITMoaRK3eoENEcFKpQNehX5GNhl6gTDiZv0X9Q",
    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA\
     $7bu+JmXpsUXD4m6cjUjgVhvtVBgDsE6BQPnydvYK/n+aF58Mj0Ly2IZaa3lVOe/CXR0hlA4mTofbSbjRVJkVMHk",
    "$scrypt$ln=4,r=8,p=1$c29tZXNhbHRzb21lc2FsdA$y+jaf+ZLVoiRr117YNZAmUTPqEtMVSntr0sIMi/TUUk",
    "$pbkdf2-sha256$2$c29tZXNhbHRzb21lc2FsdA$NobNxTCNKvIzCZQYt7qb0Ko/t2Losb2Mq8kyahbP2PY",
    "$pbkdf2$2$c29tZXNhbHRzb21lc2FsdA$wpmPYzc7E.ssD..4qNnWExW6QQE",
    "$pbkdf2-sha256$i=2,l=32$c29tZXNhbHRzb21lc2FsdA$NobNxTCNKvIzCZQYt7qb0Ko/t2Losb2Mq8kyahbP2PY",
    "$2b$04$a07rXVLfZFPxZ0zja0Dqb.4H.C2I0F1WuhD1DC8yT7WxdNSPPyqIK",
    "$pepper$old$pbkdf2-sha256$2$c29tZXNhbHRzb21lc2FsdA$TprR5UBYFjRqk8LuAeODlRu28FJ7cg0ODwzIohbN.Pg",
];

const MEMORY_KIB: usize = 128;
/// What a check takes besides: the password, and the data and the room to normalize it.
const BESIDES: usize = 512 * 1024;

static HASHER: LazyLock<PasswordHasher> = LazyLock::new(|| {
    let params = ParamsOptions { memory_kib: Some(64), passes: Some(1), ..Default::default() };
    let limits =
        LimitsOptions {
            memory_kib: Some(MEMORY_KIB as u64),
            passes: Some(3),
            lanes: Some(4),
            scrypt_memory_kib: Some(MEMORY_KIB as u64 / 4),
            bcrypt_cost: Some(4),
            pbkdf2_iterations: Some(4),
            sha_crypt_rounds: Some(1000),
            ..Default::default()
        };
    let key = |text: &str| PepperKey::from(text.as_bytes().to_vec());
    let pepper = PepperOptions {
        current: PepperOption { id: "new".into(), key: key("a newer pepper of 26 bytes") },
        previous: vec![PepperOption { id: "old".into(), key: key("an older pepper of 26 bytes") }],
    };
    PasswordHasher::new(&Policy { params, limits, pepper: Some(pepper), ..Default::default() }).expect("a sound policy")
});

fuzz_target!(|input: Input<'_>| {
    let good = |choice: u8| GOOD[usize::from(choice) % GOOD.len()];
    let stored = match &input.stored {
        Stored::Good(choice) => Some(good(*choice).to_owned()),
        Stored::GoodEdited(choice, edits) => Some(edited(good(*choice), edits)),
        Stored::Nothing => None,
        Stored::Text(text) => Some((*text).to_owned()),
    };
    let password = input.password.unwrap_or(PASSWORD);
    let is_right = password.nfc().eq(PASSWORD.chars());
    let hasher = &*HASHER;

    let (answer, taken) = Meter::most_taken_by(|| hasher.verify(password, stored.as_deref()));
    assert!(taken <= MEMORY_KIB * 1024 + BESIDES, "{taken} bytes");

    match (&answer, stored.as_deref()) {
        (Ok(verdict), None) => assert!(!verdict.ok && !verdict.needs_rehash && verdict.scheme.is_none()),
        (Ok(verdict), Some(stored)) => {
            // bcrypt reads 72 bytes, of which the right password has fewer.
            assert!(!verdict.ok || is_right);
            assert_eq!(hasher.identify(stored), verdict.scheme);
            assert_eq!(Some(hasher.describe(stored).expect("what can be checked can be described").scheme), verdict.scheme);
            let weak = hasher.needs_rehash(stored).expect("what can be checked can be judged");
            assert_eq!(verdict.needs_rehash, verdict.ok && weak);
            assert!(weak || verdict.scheme == Some(Scheme::Argon2id));
        }
        (Err(error), _) => assert!(
            matches!(error.code(), ErrorCode::HashCostTooHigh | ErrorCode::HashMalformed | ErrorCode::HashUnsupported)
                || (error.code() == ErrorCode::PasswordTooLong && 4096 < password.len()),
            "{error}"
        ),
    }
    if let Stored::Good(_) = input.stored {
        assert_eq!(answer.is_ok_and(|verdict| verdict.ok), is_right && password.len() <= 4096);
    }
});

/// The system's allocator, and how much of it is in use.
struct Meter;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static METER: Meter = Meter;

impl Meter {
    /// The answer, and the most that was allocated at one time to find it.
    fn most_taken_by<T>(work: impl FnOnce() -> T) -> (T, usize) {
        let before = IN_USE.load(Relaxed);
        MOST.store(before, Relaxed);
        let answer = work();
        (answer, MOST.load(Relaxed) - before)
    }
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Meter {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MOST.fetch_max(IN_USE.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}
