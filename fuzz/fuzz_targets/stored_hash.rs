//! For any text in a password column, a check answers or fails, uses no more memory than the policy allows, and accepts only
//! the password that was hashed.
//!
//! Even at the lowest costs, computing a hash takes a hundred times as long as parsing it: bcrypt runs 2^4 rounds, SHA-crypt a
//! thousand. So every input is parsed, and one in sixteen is computed.

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

// tools/fuzz/seeds.mjs writes such inputs byte by byte.
#[derive(Arbitrary, Debug)]
struct Input<'a> {
    /// None is the right one.
    password: Option<&'a str>,
    compute: u8,
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
/// Of that password: Argon2 by its reference implementation, the others by OpenSSL, bcryptjs, and the software whose form
/// it is.
const GOOD: [&str; 49] = [
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
    "pbkdf2_sha256$2$wu2f9CgwjzXQgMLS1EsUyK$R+u/z2RptyOm/6kcBXK9Wf56KbjuLuNOkiaThRxFzD8=",
    "pbkdf2_sha1$2$s2D7jcnzFa2VLmRC4EBq98$zVe1bsYjhcaaTVPqRVbYDuVxaf8=",
    "argon2$argon2id$v=19$m=64,t=1,p=1$aThVOTlVeUhsMVBxNHM5cm9BOWFHQw$9vLxWshwO5hU1gOKV5RidhH9NMsHHWoIfQpCbJud0+0",
    "bcrypt_sha256$$2b$04$NtIXIRgC4GLO6Si5tUoZoO8ueylUI4ctnbubzpy21.edMeNglnXVW",
    "bcrypt$$2b$04$J5WCkxB9uKwzgVM7B5JgS.nivUgZSkkbc58QLR99B90aL4Nf.BAsy",
    "scrypt$16$LFITGI43i3524ZeMudN6F0$8$1$Nucfvs3NMPKkIUyIWheAnsKSV5rrZdL7NAlDWbN02KS1b7vSCGml1S6LRPRnKoS\
     e8NrsSc8RNgN8er1phR2/ig==",
    "pbkdf2:sha512:2$3P4JvM8vkmBgugtK$ce5ea0b2a7a4749625f13b5edeb9cc0f49c84d187b29c0ccce7ac4ad4c4f05b4bc7\
     b9029bbd353991063cdbd711f585b6ce8eaa48c0804d86c8a475ddb7de6f9",
    "$bcrypt-sha256$v=2,t=2b,r=4$9ZIEik2/dH2sT31/b2wyqu$k.YVMnYLRxL05eFzKqvnE4filYdsUQq",
    "$bcrypt-sha256$2b,4$SBfp6Eqoy/Uj80rjvY3Cfe$U1sxj5D3KShROOnCtKFkFI44y8hbIrm",
    "$P$5mnyjTkHlvy70tzidpQldWWiI/.L/J0",
    "$5$rounds=1000$ShnI9H4XSbzXL8DY$eEln8EmLpHh6UdhFb1UjuBXYY./jU79v8EUTXL101EC",
    "$6$rounds=1000$xs88xo6LQVL2Am1P$k.OQd.iraCKoAlYQn5KaRE/6opdv5wtcfhiJczNM5elCYO3JpT21nv19cla2YpaVshGT\
     t5dxRqerZ5qWjvBnz0",
    "$7$26..../....VWotRUiJ0TrnnBMi5Bwj5A$SSMN5pUBQPGmAUPWbHe/MM7mh9YVPtKBx2tgrWkhIOB",
    "AQAAAAEAAAACAAAAEEa5o6UxW39lCEYNl+DYnaGdbcjoiiSKviDpLZAESjvYRxAzkTSK0XmdgyPGuR2A9g==",
    "$wp$2y$04$wGtbdvauJChIoP3U1SfvUuZBCsnpZxG91Oxj731NCgJkplDD5MegW",
    "$bcrypt$v=98$r=4$c29tZXNhbHRzb21lc2FsdA$6JAE4K2H3YwjF3FE+0V9YzfPURR0sKM",
    "$scrypt$n=16,r=8,p=1$c29tZXNhbHRzb21lc2FsdA==$y+jaf+ZLVoiRr117YNZAmUTPqEtMVSntr0sIMi/TUUk=",
    "$pbkdf2-sha256$2$c29tZXNhbHRzb21lc2FsdA$NobNxTCNKvIzCZQYt7qb0Ko/t2Losb2Mq8kyahbP2PZeg8t4tqyHChygpNRX\
     XKSKAMtV6lynG96oQUn3fZKiGQ",
    "$1$u7XcD8MN$AsRi/jqWorbHMmGVdLueS.",
    "$apr1$A3FnwiR2$6C6JvDf2HubR5jRSpdtTp/",
    "{SSHA}rWJlBn4QxWYNtrDcKLwtWrQ4eWb0cqos",
    "{CRYPT}$5$rounds=1000$fzp8IwYc00Sfg0Js$y39U7XilN7J/GNuZ4LSVLa9fehx/VNXeWVdrzTnVyxD",
    "$y$j/5$abcdefgh$F5lpWo4rGabJJz6vrVQOfEmdch/PHWZoZoxias9GBP8",
    "$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYU\
     SDzZvpjeJ9WmXA==$KIzYerf637spIg==$72xRGlDI2GN2SBlHyv/AITHsAiBTqMXk0RtYSy9JdvnL3qSXA7x4lDRIB2MX8e9E4KksrRxVMJ8l\
     5V0YLvQf6Q==",
    "$firescrypt$ln=4,r=8,p=1$HhywrtTtFwpyXA==$C7kv7lgRgE7I34DaobbkcELD0MilltwPNI286pu979px9yAwhs0iUgSYGYtspM9gegEN\
     pnJrZ0x6yPe7kJcghg==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmX\
     A==",
    "#jbcrypt:$2a$04$XSEpezGB1XhMal4Hd4xJS.4B9YsfdxSwVR66AL0q.LQ9I.1ZTlZT.",
    "3|$argon2id$v=19$m=64,t=2,p=1$tYusm+vM//UpqbOZUor5pQ$djWixct3+pMh2eZ55RvLvDyMxpZNwv7dzs+UffVaF48",
    ":B:1e097cd7:d0cb86269ff8b24cb8aa70890aa2bd2b",
    ":pbkdf2:sha512:2:64:6oHRmM0LQU99fTnlWMwTQw==:90nA+5bhEvVXXa4xIQtDyrzVpxXhZK/IdG6n63v9x6IQYrqR+LvOKNqsCRCDtMM1+nHf\
     tRbBtrc2ru8kHFLQog==",
    "sha256$3f40082c9c27b0cf$87794f8d6260fed4d70844f258edfe4fdc1ace179370c2cc8eec279a51793fc6",
    "{scrypt@SpringSecurity_v5_8}$40801$nUUeypVL3II1m5Ieu5xp8Q==$xbZsZHYJUgNjMJZ1uUvVSg8hdj4kWg6MBqQHS2tfKjw=",
    "$S$71n/P2ijWgbcFkI.PCziaHZXuaGutLWEdk72M8eQpgb/zRKoqxUU",
    "$y$j150..$abcdefgh$89.maSYiJIClRMGSmEtMQsD5AO1If2Nak4YakjAYww0",
    "{SHA-256}{c2FsdHNhbHQ=}788c0a1ae7eb601d6d975bebb3872fc323a7c6f7214e303c21bfc6d64eac4e28",
    "{sha256}736f6d6573616c7434c9fc4a96383ff30f8988113588fcdd907e7f62bddca72a4ee595c8eeee02ec",
    "PBKDF2SHA256$2$736f6d6573616c74736f6d6573616c74$3686cdc5308d2af233099418b7ba9bd0aa3fb762e8b1bd8cabc9326a16cfd8f6",
    "{SHA256-CRYPT.b64}JDUkcm91bmRzPTEwMDAkc29tZXNhbHQkQThRNnkxZFdXd0pZTFh5M3dCTllhVkVlalkwQ0tVbS5PaDVrUW96RTNUMg==",
    "$digest$d=sha1,s=braces,i=10$c29tZXNhbHQ$tsR5Iu5X/4e+P7PZL0SKgbHPv20",
];

const MEMORY_KIB: usize = 128;
/// What a check takes besides: the password, and the data and the room to normalize it.
const BESIDES: usize = 512 * 1024;

static HASHER: LazyLock<PasswordHasher> = LazyLock::new(|| {
    let params = ParamsOptions { memory_kib: Some(64), passes: Some(1), ..Default::default() };
    let limits = LimitsOptions {
        memory_kib: Some(MEMORY_KIB as u64),
        passes: Some(3),
        lanes: Some(4),
        scrypt_memory_kib: Some(MEMORY_KIB as u64 / 4),
        bcrypt_cost: Some(4),
        pbkdf2_iterations: Some(4),
        sha_crypt_rounds: Some(1024),
        ..Default::default()
    };
    let key = |text: &str| PepperKey::from(text.as_bytes().to_vec());
    let pepper = PepperOptions {
        current: PepperOption { id: "new".into(), key: key("a newer pepper of 26 bytes") },
        previous: vec![PepperOption { id: "old".into(), key: key("an older pepper of 26 bytes") }],
        required: false,
    };
    let accept = Some(Scheme::ALL.to_vec());
    PasswordHasher::new(&Policy { params, accept, limits, pepper: Some(pepper), ..Default::default() })
        .expect("a sound policy")
});

fuzz_target!(|input: Input<'_>| {
    let good = |choice: u8| GOOD[usize::from(choice) % GOOD.len()];
    let stored = match &input.stored {
        Stored::Good(choice) => Some(good(*choice).to_owned()),
        Stored::GoodEdited(choice, edits) => Some(edited(good(*choice), edits)),
        Stored::Nothing => None,
        Stored::Text(text) => Some((*text).to_owned()),
    };
    if let Some(stored) = &stored {
        read(stored);
    }
    if input.compute.is_multiple_of(16) {
        let password = input.password.unwrap_or(PASSWORD);
        let is_right = compute(password, stored.as_deref());
        if matches!(input.stored, Stored::Good(_)) && password.nfc().eq(PASSWORD.chars()) {
            assert!(is_right, "a good hash is refused");
        }
    }
});

/// What is true of every stored hash, without computing it.
fn read(stored: &str) {
    let hasher = &*HASHER;
    let (weak, taken) = Meter::most_taken_by(|| hasher.needs_rehash(stored));
    assert!(taken <= BESIDES, "{taken} bytes to read it");
    let described = hasher.describe(stored);
    if let Ok(description) = &described {
        assert_eq!(hasher.identify(stored), Some(description.scheme));
    }
    match weak {
        // A row without a password has no scheme.
        Ok(weak) if stored.starts_with('!') => assert!(!weak && hasher.identify(stored).is_none()),
        Ok(weak) => {
            let scheme = described.expect("what can be judged can be described").scheme;
            assert!(weak || scheme == Scheme::Argon2id);
        }
        Err(error) => match error.code() {
            // Its costs may be a fault in the form, too, where nothing is computed.
            ErrorCode::HashCostTooHigh => {}
            // Of a form that is known, with a pepper that is not.
            ErrorCode::HashUnsupported => assert!(described.is_err() || described.is_ok_and(|it| it.pepper.is_some())),
            ErrorCode::HashMalformed => assert!(described.is_err()),
            _ => panic!("{error}"),
        },
    }
}

/// Checks the password, and gives whether it is the right one.
fn compute(password: &str, stored: Option<&str>) -> bool {
    let hasher = &*HASHER;
    let (answer, taken) = Meter::most_taken_by(|| hasher.verify(password, stored));
    assert!(taken <= MEMORY_KIB * 1024 + BESIDES, "{taken} bytes");

    let verdict = match answer {
        Ok(verdict) => verdict,
        Err(error) => {
            let code = error.code();
            let refused = stored.and_then(|stored| hasher.needs_rehash(stored).err());
            // The rounds of some schemes run over the whole password.
            let is_long = code == ErrorCode::PasswordTooLong && 127 < password.len();
            // Several forms of a password, or readings of a hash, may cost too much together.
            let is_over_budget = code == ErrorCode::HashCostTooHigh && refused.is_none();
            // Nothing says whose hash it is.
            let is_bound =
                code == ErrorCode::HashUnsupported && stored.is_some_and(|text| text.starts_with("$account$"));
            // A password that is a hash shows that the arguments may be swapped.
            let is_swapped = code == ErrorCode::HashMalformed && hasher.identify(password).is_some();
            let is_other = is_long || is_over_budget || is_bound || is_swapped;
            assert!(is_other || refused.is_some_and(|refused| refused.code() == code), "{error}");
            return false;
        }
    };
    let Some(scheme) = verdict.scheme else {
        assert!(!verdict.ok && !verdict.needs_rehash && stored.is_none_or(|stored| stored.starts_with('!')));
        return false;
    };
    let stored = stored.expect("what has a scheme was stored");
    // Of one shape with several readings, the one that matched is said.
    let first = hasher.identify(stored);
    assert!(first == Some(scheme) || matches!(first, Some(Scheme::BetterAuth | Scheme::LuciaLegacy)));
    let weak = hasher.needs_rehash(stored).expect("what can be checked can be judged");
    assert_eq!(verdict.needs_rehash, verdict.ok && weak);
    // bcrypt reads 72 bytes, of which the right password has fewer. WordPress takes white space off.
    let nearly = password.trim_matches([' ', '\t', '\n', '\r', '\0', '\u{b}']);
    assert!(!verdict.ok || nearly.nfc().eq(PASSWORD.chars()), "another password is right");
    verdict.ok
}

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
