//! Signs with ECDSA in constant time. The nonce is deterministic (RFC 6979) and needs no random numbers.

use ecdsa::SignatureSize;
use ecdsa::elliptic_curve::array::ArraySize;
use ecdsa::elliptic_curve::{NonZeroScalar, SecretKey};
use ecdsa::hazmat::sign_prehashed_rfc6979;
use sha2::Digest;
use signature::{Error, Signer};
use zeroize::Zeroizing;

use super::verifier::NistCurve;

/// An ECDSA signer. Holds only the private key: the crate's `SigningKey` would compute the public key as well.
pub(super) struct EcSigner<C: NistCurve>(Zeroizing<NonZeroScalar<C>>);

impl<C: NistCurve> EcSigner<C> {
    pub(super) fn new(key: &SecretKey<C>) -> Self {
        Self(Zeroizing::new(key.to_nonzero_scalar()))
    }
}

impl<C: NistCurve> Signer<Vec<u8>> for EcSigner<C>
where
    SignatureSize<C>: ArraySize,
{
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let digest = C::Digest::digest(message);
        let (signature, _) = sign_prehashed_rfc6979::<C, C::Digest>(&self.0, &digest, &[]);
        Ok(signature.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use p256::NistP256;
    use p384::NistP384;
    use p521::NistP521;

    use super::*;

    /// RFC 6979, appendices A.2.5 to A.2.7: the message "sample" with the hash that JWS uses for each curve.
    #[test]
    fn gives_the_signatures_of_rfc_6979() {
        signs::<NistP256>(
            "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
             F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        );
        signs::<NistP384>(
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46\
             99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
        );
        signs::<NistP521>(
            "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466\
             F6D8FBEC67DB89EC0C08B0E996B83538",
            "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931\
             D7D4E8455CC91F9B15BF05EC36E377FA\
             00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A\
             20F8CCB1DCCC43997F1EE0E44DA4A67A",
        );
    }

    fn signs<C: NistCurve>(secret: &str, signature: &str)
    where
        SignatureSize<C>: ArraySize,
    {
        let signer = EcSigner::<C>::new(&SecretKey::from_slice(&bytes(secret)).unwrap());
        assert_eq!(signer.try_sign(b"sample").unwrap(), bytes(signature));
    }

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }
}
