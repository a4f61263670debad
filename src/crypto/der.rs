//! A strict reader and a writer for the part of DER (X.690 §10) that key documents use.
//!
//! The crates for these documents would make the token module 4 KB larger (docs/decisions/0027-der-reader.md).
//! `tests/native/der.rs` compares this code with those crates.

use zeroize::Zeroizing;

/// Tags of elements. To `EXPLICIT` (constructed) and `IMPLICIT` (primitive), the field's number is added.
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const EXPLICIT: u8 = 0xa0;
pub(crate) const IMPLICIT: u8 = 0x80;

/// A complete NULL element.
pub(crate) const NULL: &[u8] = &[0x05, 0x00];

/// The input is not DER, or not the expected structure.
#[derive(Debug)]
pub(crate) struct Malformed;

pub(crate) type Parsed<T> = Result<T, Malformed>;

/// Reads a document that is exactly one SEQUENCE. `fields` must consume all of its content.
pub(crate) fn document<'d, T>(der: &'d [u8], fields: impl FnOnce(&mut Reader<'d>) -> Parsed<T>) -> Parsed<T> {
    Reader(der).whole(|reader| reader.sequence(fields))
}

/// The bytes of a document that is exactly one OCTET STRING.
pub(crate) fn octet_string(der: &[u8]) -> Parsed<&[u8]> {
    only(der, OCTET_STRING)
}

/// The content of a document that is exactly one element with this tag.
pub(crate) fn only(der: &[u8], tag: u8) -> Parsed<&[u8]> {
    Reader(der).whole(|reader| reader.take(tag))
}

/// Reads a series of elements in order.
pub(crate) struct Reader<'d>(&'d [u8]);

impl<'d> Reader<'d> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next element: its tag, its content, and its whole encoding.
    pub(crate) fn element(&mut self) -> Parsed<(u8, &'d [u8], &'d [u8])> {
        let [tag, length, rest @ ..] = self.0 else { return Err(Malformed) };
        // Tag numbers from 31 take more than one byte. No document we read has them.
        if tag & 0x1f == 0x1f {
            return Err(Malformed);
        }
        let (length, rest) = match length {
            0..=0x7f => (usize::from(*length), rest),
            0x81 => long_length::<1>(rest)?,
            0x82 => long_length::<2>(rest)?,
            // Up to 16 MiB: no key needs more than 64 KiB, but a certificate may.
            0x83 => long_length::<3>(rest)?,
            _ => return Err(Malformed),
        };
        let (content, after) = rest.split_at_checked(length).ok_or(Malformed)?;
        let whole = self.0.get(..self.0.len().saturating_sub(after.len())).ok_or(Malformed)?;
        self.0 = after;
        Ok((*tag, content, whole))
    }

    /// The content of the next element, which must have this tag.
    pub(crate) fn take(&mut self, tag: u8) -> Parsed<&'d [u8]> {
        match self.element()? {
            (found, content, _) if found == tag => Ok(content),
            _ => Err(Malformed),
        }
    }

    /// The content of the next element, if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Parsed<Option<&'d [u8]>> {
        if self.0.first() == Some(&tag) { self.take(tag).map(Some) } else { Ok(None) }
    }

    /// Reads the next element, which must be a SEQUENCE. `fields` must consume all of its content.
    pub(crate) fn sequence<T>(&mut self, fields: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        Self(self.take(SEQUENCE)?).whole(fields)
    }

    /// The content of the EXPLICIT field with this number, if it is the next element.
    pub(crate) fn explicit<T>(&mut self, number: u8, inner: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<Option<T>> {
        match self.optional(EXPLICIT | number)? {
            Some(content) => Self(content).whole(inner).map(Some),
            None => Ok(None),
        }
    }

    /// A non-negative number, big-endian without leading zeros. Zero is one byte.
    pub(crate) fn integer(&mut self) -> Parsed<&'d [u8]> {
        match self.take(INTEGER)? {
            // A leading zero is allowed only before a byte that would otherwise make the number negative (X.690
            // §8.3.2).
            [0, rest @ ..] if matches!(rest.first(), Some(0x80..)) => Ok(rest),
            content @ ([0] | [1..=0x7f, ..]) => Ok(content),
            _ => Err(Malformed),
        }
    }

    /// A non-negative number of at most four bytes.
    pub(crate) fn small_integer(&mut self) -> Parsed<u32> {
        let bytes = self.integer()?;
        if 4 < bytes.len() {
            return Err(Malformed);
        }
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    /// A number as in [`Reader::small_integer`], if the next element is an INTEGER.
    #[cfg(feature = "jwt")]
    pub(crate) fn optional_small_integer(&mut self) -> Parsed<Option<u32>> {
        if self.0.first() == Some(&INTEGER) { self.small_integer().map(Some) } else { Ok(None) }
    }

    /// A BIT STRING of whole bytes.
    pub(crate) fn bit_string(&mut self) -> Parsed<&'d [u8]> {
        whole_bytes(self.take(BIT_STRING)?)
    }

    /// The result of `read`, which must consume all elements.
    fn whole<T>(mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let value = read(&mut self)?;
        if self.is_empty() { Ok(value) } else { Err(Malformed) }
    }
}

/// The bytes in the content of a BIT STRING without unused bits.
pub(crate) fn whole_bytes(content: &[u8]) -> Parsed<&[u8]> {
    match content {
        [0, bytes @ ..] => Ok(bytes),
        _ => Err(Malformed),
    }
}

/// A length that takes `N` bytes and no fewer (X.690 §10.1).
fn long_length<const N: usize>(rest: &[u8]) -> Parsed<(usize, &[u8])> {
    let (length, rest) = rest.split_first_chunk::<N>().ok_or(Malformed)?;
    let value = length.iter().fold(0, |value, byte| value << 8 | usize::from(*byte));
    // The first byte must not be zero. A single byte must not be a length that fits the short form.
    let shortest = if N == 1 { 0x80 } else { 1 };
    let leads = length.first().is_some_and(|first| shortest <= *first);
    if leads { Ok((value, rest)) } else { Err(Malformed) }
}

/// `AlgorithmIdentifier` (RFC 5280 §4.1.1.2): an object identifier and, if present, the whole parameters element.
#[derive(Clone, Copy)]
pub(crate) struct AlgorithmIdentifier<'d> {
    pub(crate) oid: &'d [u8],
    pub(crate) parameters: Option<&'d [u8]>,
}

impl<'d> AlgorithmIdentifier<'d> {
    pub(crate) fn read(reader: &mut Reader<'d>) -> Parsed<Self> {
        reader.sequence(|fields| {
            let oid = fields.take(OBJECT_IDENTIFIER)?;
            let parameters = if fields.is_empty() { None } else { Some(fields.element()?.2) };
            Ok(Self { oid, parameters })
        })
    }

    /// Parses a document that is exactly one `AlgorithmIdentifier`.
    pub(crate) fn parse(der: &'d [u8]) -> Parsed<Self> {
        Reader(der).whole(Self::read)
    }

    pub(crate) fn write(&self) -> Zeroizing<Vec<u8>> {
        element(SEQUENCE, &[&element(OBJECT_IDENTIFIER, &[self.oid]), self.parameters.unwrap_or_default()])
    }
}

/// An element with this tag whose content is the concatenated parts. The buffer is allocated at its final size, because
/// a buffer that grows leaves copies of secrets in memory.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = parts.iter().map(|part| part.len()).fold(0, usize::saturating_add);
    let mut der = Zeroizing::new(Vec::with_capacity(length.saturating_add(5)));
    der.push(tag);
    match u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes() {
        [0, 0, 0, low @ 0..=0x7f] => der.push(low),
        [0, 0, 0, low] => der.extend([0x81, low]),
        [0, 0, high, low] => der.extend([0x82, high, low]),
        [_, highest, high, low] => der.extend([0x83, highest, high, low]),
    }
    for part in parts {
        der.extend_from_slice(part);
    }
    der
}

/// An INTEGER from big-endian bytes without leading zeros.
pub(crate) fn integer(number: &[u8]) -> Zeroizing<Vec<u8>> {
    let sign: &[u8] = if matches!(number.first(), None | Some(0x80..)) { &[0] } else { &[] };
    element(INTEGER, &[sign, number])
}

/// A BIT STRING of whole bytes.
pub(crate) fn bit_string(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    element(BIT_STRING, &[&[0], bytes])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parses(der: &[u8]) -> bool {
        document(der, |fields| {
            while !fields.is_empty() {
                fields.integer()?;
            }
            Ok(())
        })
        .is_ok()
    }

    #[test]
    fn accepts_only_one_encoding() {
        assert!(parses(&[0x30, 0]));
        assert!(parses(&[0x30, 3, 2, 1, 0]));
        assert!(parses(&[0x30, 4, 2, 2, 0, 0x80]));
        for (fault, der) in [
            ("a byte after it", &[0x30, 3, 2, 1, 0, 0][..]),
            ("a byte too few", &[0x30, 3, 2, 1]),
            ("a long length for a short one", &[0x30, 0x81, 3, 2, 1, 0]),
            ("an indefinite length", &[0x30, 0x80, 2, 1, 0, 0, 0]),
            ("a number without bytes", &[0x30, 2, 2, 0]),
            ("a negative number", &[0x30, 3, 2, 1, 0x80]),
            ("a superfluous zero", &[0x30, 4, 2, 2, 0, 0x7f]),
            ("a tag of two bytes", &[0x30, 3, 0x1f, 1, 0]),
            ("another tag", &[0x31, 3, 2, 1, 0]),
            ("nothing", &[]),
        ] {
            assert!(!parses(der), "{fault}");
        }
    }

    #[test]
    fn reads_what_it_writes_at_every_length() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let content = vec![0x55; length];
            let der = element(OCTET_STRING, &[&content]);
            assert_eq!(Reader(&der).take(OCTET_STRING).unwrap(), content);
            let whole = element(SEQUENCE, &[&der]);
            assert!(document(&whole, |fields| fields.take(OCTET_STRING)).is_ok());
        }
        assert_eq!(*integer(&[0x80]), [2, 2, 0, 0x80]);
        assert_eq!(*integer(&[]), [2, 1, 0]);
        assert_eq!(*integer(&[0x7f]), [2, 1, 0x7f]);
    }
}
