use base64ct::{Base64, Encoding as _};

/// How signatures and digests are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Lower-case hexadecimal.
    Hex,
    /// The standard alphabet with padding, canonical.
    Base64,
}

impl Encoding {
    pub(crate) const WORDS: [(&str, Self); 2] = [("hex", Self::Hex), ("base64", Self::Base64)];

    /// Reads bytes that are written exactly as the encoding demands and are as many as they must be.
    /// Nothing is repaired: no other case, no missing padding, no stray bits.
    pub(crate) fn decode(self, text: &str, (least, most): (usize, usize)) -> Option<Vec<u8>> {
        // Nothing is allocated for what is too long anyway.
        if text.len() > most.saturating_mul(2) {
            return None;
        }
        let bytes = match self {
            Self::Hex => base16ct::lower::decode_vec(text).ok()?,
            Self::Base64 => Base64::decode_vec(text).ok()?,
        };
        (least..=most).contains(&bytes.len()).then_some(bytes)
    }

    /// Writes bytes as the encoding demands.
    pub(crate) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => base16ct::lower::encode_string(bytes),
            Self::Base64 => Base64::encode_string(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTHS: (usize, usize) = (32, 32);

    #[test]
    fn only_the_one_spelling_is_read() {
        let mac: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 7).unwrap());
        for encoding in [Encoding::Hex, Encoding::Base64] {
            let text = encoding.encode(&mac);
            let decode = |text: &str| encoding.decode(text, LENGTHS);
            assert_eq!(decode(&text), Some(mac.to_vec()));
            assert_eq!(decode(&text[1..]), None);
            assert_eq!(decode(&format!("{text}0")), None);
            assert_eq!(decode(&format!(" {text}")), None);
            assert_eq!(decode(""), None);
            assert_eq!(encoding.decode(&text, (20, 20)), None);
            assert_eq!(encoding.decode(&text, (64, 64)), None);
        }
        let hex = Encoding::Hex.encode(&mac);
        assert_eq!(Encoding::Hex.decode(&hex.to_uppercase(), LENGTHS), None);
    }

    #[test]
    fn base64_must_be_canonical() {
        let text = Encoding::Base64.encode(&[0; 32]);
        assert_eq!(text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        for altered in [
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ] {
            assert_eq!(Encoding::Base64.decode(altered, LENGTHS), None, "{altered:?}");
        }
    }
}
