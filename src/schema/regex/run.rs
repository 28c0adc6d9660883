use super::set::WORD;
use super::{Assertion, Instruction, Pattern};

impl Pattern {
    /// Whether there is a match anywhere in a decoded string (see [`crate::json::Text::decode`]). `steps`
    /// is what may be spent; `None` when it is used up. A step is one instruction at one character.
    pub(crate) fn is_match(&self, decoded: &[u8], steps: &mut u64) -> Option<bool> {
        // The places that wait for the character at hand, and those that will wait for the next one.
        let (mut places, mut later) = (Vec::new(), Vec::new());
        // For each place the position at which it was visited last, counted from 1.
        let mut visited = vec![0_usize; self.program.len()];
        let is_anchored = self.program.first() == Some(&Instruction::Assert(Assertion::Start));
        let (mut previous, mut rest, mut position) = (None, decoded, 0_usize);
        loop {
            let (character, after) = first_character(rest);
            if position == 0 || !is_anchored {
                places.push(0);
            } else if places.is_empty() {
                return Some(false);
            }
            position = position.saturating_add(1);
            *steps = steps.checked_sub(1)?;
            while let Some(place) = places.pop() {
                match visited.get_mut(place) {
                    Some(last) if *last != position => *last = position,
                    _ => continue,
                }
                *steps = steps.checked_sub(1)?;
                let next = place.saturating_add(1);
                match *self.program.get(place)? {
                    Instruction::Character(expected) if character == Some(expected) => later.push(next),
                    Instruction::Set(set)
                        if character.is_some_and(|character| {
                            self.sets.get(set).is_some_and(|set| set.contains(character))
                        }) =>
                    {
                        later.push(next);
                    }
                    Instruction::Character(_) | Instruction::Set(_) => {}
                    Instruction::Fork(distance) => {
                        places.push(next);
                        places.push(place.saturating_add_signed(distance));
                    }
                    Instruction::Jump(distance) => places.push(place.saturating_add_signed(distance)),
                    Instruction::Assert(assertion) => {
                        if assertion.holds(previous, character) {
                            places.push(next);
                        }
                    }
                    Instruction::Match => return Some(true),
                }
            }
            if character.is_none() {
                return Some(false);
            }
            (previous, rest) = (character, after);
            std::mem::swap(&mut places, &mut later);
        }
    }
}

impl Assertion {
    fn holds(self, previous: Option<u32>, next: Option<u32>) -> bool {
        let is_word = |character: Option<u32>| {
            character.is_some_and(|code| WORD.iter().any(|range| (range.0..=range.1).contains(&code)))
        };
        match self {
            Self::Start => previous.is_none(),
            Self::End => next.is_none(),
            Self::WordBoundary => is_word(previous) != is_word(next),
            Self::NoWordBoundary => is_word(previous) == is_word(next),
        }
    }
}

/// The first code point of a decoded string, and what follows it. A lone surrogate is in three bytes, as
/// UTF-8 would write its number.
fn first_character(text: &[u8]) -> (Option<u32>, &[u8]) {
    let bits = |byte: u8, mask: u8, shift: u32| u32::from(byte & mask) << shift;
    match *text {
        [] => (None, text),
        [a @ 0xF0..=0xFF, b, c, d, ref rest @ ..] => {
            (Some(bits(a, 0x07, 18) | bits(b, 0x3F, 12) | bits(c, 0x3F, 6) | bits(d, 0x3F, 0)), rest)
        }
        [a @ 0xE0..=0xEF, b, c, ref rest @ ..] => {
            (Some(bits(a, 0x0F, 12) | bits(b, 0x3F, 6) | bits(c, 0x3F, 0)), rest)
        }
        [a @ 0xC0..=0xDF, b, ref rest @ ..] => (Some(bits(a, 0x1F, 6) | bits(b, 0x3F, 0)), rest),
        [byte, ref rest @ ..] => (Some(byte.into()), rest),
    }
}
