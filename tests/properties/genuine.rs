//! What genuine means: the rules of the signature stage, written down a second time.

use crate::deliveries::{Scheme, Sent};

/// Whether somebody who knows the secret sent this, exactly as the provider would, and not too long ago
/// or too far ahead.
pub(crate) fn is_genuine(scheme: Scheme, tolerance: u32, sent: &Sent) -> bool {
    genuine(scheme, tolerance, sent).is_some_and(|()| scheme.methods().contains(&sent.method.as_str()))
}

fn genuine(scheme: Scheme, tolerance: u32, sent: &Sent) -> Option<()> {
    let holds = |is_so: bool| is_so.then_some(());
    // A header that the scheme does not have reads as empty.
    let only = |name: &str| match sent.values(name)[..] {
        _ if name.is_empty() => Some(""),
        [value] if !value.is_empty() => Some(value),
        _ => None,
    };
    let mut families = scheme.families().iter();
    let family = families.find(|family| !sent.values(family.signature).is_empty())?;
    let (claimed, id, time) = (only(family.signature)?, only(family.id)?, only(family.timestamp)?);
    holds(id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b',' | b'.')))?;
    if scheme.has_time() {
        holds(time.len() <= 12 && time.bytes().all(|byte| byte.is_ascii_digit()))?;
        let away = i128::from(sent.now) - time.parse::<i128>().ok()?;
        holds(away.unsigned_abs() <= tolerance.into())?;
    }
    let genuine = scheme.sign(scheme.secret(), id, time, &sent.body)?;
    holds(match scheme {
        Scheme::Audian => claimed == genuine || claimed == format!("sha256={genuine}"),
        Scheme::MeetingBaasSvix => {
            let entries = || claimed.split(' ').filter(|entry| !entry.is_empty());
            let well_formed = entries().all(|entry| entry.matches(',').count() == 1);
            well_formed && !claimed.contains(", ") && entries().any(|entry| entry == genuine)
        }
        _ => claimed == genuine,
    })
}
