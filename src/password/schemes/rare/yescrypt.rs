//! yescrypt, the `$y$` hashes of current Linux systems, by the crate `yescrypt`, after a check that its memory can be
//! allocated; and gost-yescrypt (`$gy$`), an HMAC of its output. For stored hashes only.

use core::hint::black_box;

use zeroize::Zeroizing;

use super::digest::Function;
use crate::Error;
use crate::password::kdf::{Family, Kdf, not_computed};
use crate::password::limits::Limits;
use crate::password::schemes::argon2::memory::release;
use crate::password::schemes::scrypt::Scrypt;
use crate::password::scratch::reserved;

pub(in crate::password) const TAG_BYTES: usize = 32;

/// yescrypt with everything but the password.
pub(in crate::password) struct Yescrypt {
    /// Its costs and its salt. Memory and work are scrypt's, and so are the limits.
    pub(in crate::password) scrypt: Scrypt,
    /// t: 0, or how much longer it computes in the same memory.
    pub(in crate::password) time: u32,
    /// The stored text before the tag, if it is gost-yescrypt's, which hashes it.
    pub(in crate::password) gost: Option<String>,
}

impl Kdf for Yescrypt {
    fn family(&self) -> Family {
        Family::Obsolete
    }

    fn strength(&self) -> [u64; 3] {
        [0; 3]
    }

    fn costs(&self) -> Vec<(&'static str, u32)> {
        let mut costs = self.scrypt.costs();
        if self.time != 0 {
            costs.push(("time", self.time));
        }
        costs
    }

    fn salt(&self) -> &[u8] {
        &self.scrypt.salt
    }

    fn tag_bytes(&self) -> usize {
        TAG_BYTES
    }

    /// The tables of the pwxform function take 12 KiB more for each lane.
    fn scratch_bytes(&self) -> usize {
        let tables = (self.scrypt.params.parallelism() as usize).saturating_mul(16_384);
        self.scrypt.scratch_bytes().saturating_add(tables)
    }

    fn work(&self, limits: &Limits, password_bytes: usize, tag_bytes: usize) -> u64 {
        self.scrypt.work(limits, password_bytes, tag_bytes).saturating_mul(self.time.max(1).into())
    }

    fn tag(&self, password: &str, _: &[u8], _: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        release();
        // The crate aborts if an allocation fails, as for scrypt.
        drop(black_box(reserved::<u8>(self.scratch_bytes())?));
        let params = self.scrypt.params;
        let entries = 1_u64.checked_shl(params.cost()).ok_or_else(not_computed)?;
        let (mode, block_size, lanes) = (yescrypt::Mode::default(), params.block_size(), params.parallelism());
        let params = yescrypt::Params::new_with_all_params(mode, entries, block_size, lanes, self.time, 0);
        let params = params.map_err(|_| not_computed())?;
        let mut tag = Zeroizing::new(vec![0; TAG_BYTES]);
        yescrypt::yescrypt(password.as_bytes(), &self.scrypt.salt, &params, &mut tag).map_err(|_| not_computed())?;
        if let Some(setting) = &self.gost {
            let key = Function::Streebog.hmac(&Function::Streebog.of(&[password.as_bytes()]), setting.as_bytes());
            tag = Function::Streebog.hmac(&key, &tag);
        }
        Ok(tag)
    }
}
