use base64ct::{Base64, Encoding as _};

use crate::provider::Encoding;

/// The length of an HMAC-SHA256.
pub(crate) const MAC_BYTES: usize = 32;

/// Reads a MAC that is written exactly as the encoding demands. Nothing is repaired: no other case, no
/// missing padding, no stray bits, no other length.
pub(crate) fn decode_mac(encoding: Encoding, text: &str) -> Option<[u8; MAC_BYTES]> {
    let mut mac = [0; MAC_BYTES];
    let decoded = match encoding {
        Encoding::Hex => base16ct::lower::decode(text, &mut mac).ok()?,
        Encoding::Base64 => Base64::decode(text, &mut mac).ok()?,
    };
    (decoded.len() == MAC_BYTES).then_some(mac)
}

/// Writes a MAC as the encoding demands.
pub(crate) fn encode_mac(encoding: Encoding, mac: &[u8; MAC_BYTES]) -> String {
    match encoding {
        Encoding::Hex => base16ct::lower::encode_string(mac),
        Encoding::Base64 => Base64::encode_string(mac),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_spelling_is_read() {
        let mac: [u8; MAC_BYTES] = std::array::from_fn(|at| u8::try_from(at * 7).unwrap());
        for encoding in [Encoding::Hex, Encoding::Base64] {
            let text = encode_mac(encoding, &mac);
            assert_eq!(decode_mac(encoding, &text), Some(mac));
            assert_eq!(decode_mac(encoding, &text[1..]), None);
            assert_eq!(decode_mac(encoding, &format!("{text}0")), None);
            assert_eq!(decode_mac(encoding, &format!(" {text}")), None);
            assert_eq!(decode_mac(encoding, ""), None);
        }
        let hex = encode_mac(Encoding::Hex, &mac);
        assert_eq!(decode_mac(Encoding::Hex, &hex.to_uppercase()), None);
    }

    #[test]
    fn base64_must_be_canonical() {
        let text = encode_mac(Encoding::Base64, &[0; MAC_BYTES]);
        assert_eq!(text, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        for altered in [
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-=",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        ] {
            assert_eq!(decode_mac(Encoding::Base64, altered), None, "{altered:?}");
        }
    }
}
