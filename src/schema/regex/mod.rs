//! Regular expressions of schemas: ECMA-262 with the flag `u`, matched in linear time.
//!
//! A pattern becomes a program of a few kinds of instructions ([`compile`]), which [`run`] follows on all
//! paths at once: it never goes back, so that a text costs at most its length times the program's. The
//! smallest crate for it (`regex-lite`) takes five times the space in the module, three times as long, and
//! cannot be told when to stop.
//!
//! Where the dialect differs from ECMA-262:
//!
//! * Look-ahead, look-behind, back references and `\p{…}` are refused: the first three cannot be had in
//!   linear time, and the last would need tables larger than the validator. Modifiers (`(?i:…)`) too.
//! * A pattern whose repetitions unfold to more than 65,536 instructions is refused (`^.{1,10000}$` is not).
//!   Groups nest up to 250 deep, 100 of them may have names, a class has up to 1,000 ranges.
//! * An ASCII punctuation mark or a space may be escaped without need (`\-`, `\_`, `\"`), as ECMA-262
//!   allows without `u` only; schemas in the field do it.
//!
//! Everything else is as in ECMA-262: `\d` and `\w` are ASCII, `\s` is Unicode's white space and U+FEFF,
//! `.` stops at all four line terminators, `$` matches at the very end only, a lone surrogate is a character
//! of its own, and what is a syntax error there is one here.

mod compile;
mod run;
mod set;

#[cfg(test)]
mod tests;

use compile::compile;
use set::Set;

/// How many instructions a pattern may have.
const MAX_INSTRUCTIONS: usize = 1 << 16;

/// How deep groups may be nested: each level may copy what is in it once.
const MAX_NESTING: usize = 250;

/// A compiled regular expression, not anchored.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    program: Vec<Instruction>,
    sets: Vec<Set>,
}

/// What to do at a place of the program. Jumps are relative, so that a piece of program can be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instruction {
    /// Consumes this code point.
    Character(u32),
    /// Consumes a code point of the set with this number.
    Set(usize),
    /// Goes on with the next instruction, and also at the distance.
    Fork(isize),
    Jump(isize),
    /// Goes on where the assertion holds.
    Assert(Assertion),
    Match,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Assertion {
    Start,
    End,
    WordBoundary,
    NoWordBoundary,
}

impl Pattern {
    /// The error is a sentence that names what is wrong or not supported.
    pub(crate) fn new(ecma: &str) -> Result<Self, String> {
        compile(ecma)?
    }

    /// How many instructions there are. A schema with many patterns should limit their sum: each takes
    /// 16 bytes.
    pub(crate) fn size(&self) -> usize {
        self.program.len()
    }
}

/// Whether a text is a regular expression of ECMA-262, supported or not.
pub(crate) fn is_regular_expression(text: &str) -> bool {
    compile(text).is_ok()
}
