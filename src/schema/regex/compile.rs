use crate::digits::count;

use super::set::{DIGIT, LAST, LINE_TERMINATOR, Ranges, SPACE, Set, WORD};
use super::{Assertion, Instruction, MAX_INSTRUCTIONS, MAX_NESTING, Pattern};

/// Compiles a pattern of ECMA-262 with the flag `u`. The outer error is one of its syntax; the inner one
/// a sentence about the first construct that is valid and cannot be honoured.
pub(super) fn compile(pattern: &str) -> Result<Result<Pattern, String>, String> {
    let mut compiler = Compiler { rest: pattern, ..Compiler::default() };
    while let Some(character) = compiler.next() {
        compiler.term(character)?;
    }
    compiler.finish()
}

/// How many groups may have names, each of which is compared with all others.
const MAX_NAMES: usize = 100;

/// What an escape means.
enum Escape {
    /// A code point; a surrogate is possible.
    Point(u32),
    Set(Ranges),
    Assertion(Assertion),
    Unsupported(&'static str),
}

#[derive(Default)]
struct Compiler<'p> {
    rest: &'p str,
    program: Vec<Instruction>,
    sets: Vec<Set>,
    unsupported: Option<String>,
    /// Where that begins to which a quantifier would apply.
    last: Option<usize>,
    /// The innermost open group, or the whole pattern.
    group: Group,
    outer: Vec<Group>,
    /// How many groups capture.
    captures: usize,
    names: Vec<&'p str>,
    referenced: Vec<&'p str>,
    highest_reference: usize,
}

#[derive(Default)]
struct Group {
    start: usize,
    /// Where the alternative at hand begins.
    alternative: usize,
    /// The jumps from the ends of the earlier alternatives to the end of the group.
    ends: Vec<usize>,
    is_assertion: bool,
}

impl<'p> Compiler<'p> {
    fn term(&mut self, character: char) -> Result<(), String> {
        match character {
            '^' => self.assertion(Assertion::Start),
            '$' => self.assertion(Assertion::End),
            '|' => self.alternative(),
            '.' => self.set(Ranges::from(LINE_TERMINATOR).complement()),
            '(' => self.open()?,
            ')' => self.close()?,
            '[' => self.class()?,
            '*' => self.repeat(character, 0, None)?,
            '+' => self.repeat(character, 1, None)?,
            '?' => self.repeat(character, 0, Some(1))?,
            '{' => self.counted()?,
            ']' | '}' => return Err(format!("`{character}` must be escaped as `\\{character}`")),
            '\\' => match self.escape(false)? {
                Escape::Point(point) => self.atom(Instruction::Character(point)),
                Escape::Set(ranges) => self.set(ranges),
                Escape::Assertion(assertion) => self.assertion(assertion),
                Escape::Unsupported(construct) => {
                    self.refuse(construct);
                    self.atom(Instruction::Match);
                }
            },
            _ => self.atom(Instruction::Character(character.into())),
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Result<Pattern, String>, String> {
        if !self.outer.is_empty() {
            return Err("`(` is not closed".into());
        }
        let is_known = |name: &&str| self.names.contains(name) || self.names.len() >= MAX_NAMES;
        if self.highest_reference > self.captures || !self.referenced.iter().all(is_known) {
            return Err("a back reference leads to no group".into());
        }
        self.end_alternatives();
        self.emit(Instruction::Match);
        Ok(match self.unsupported {
            Some(construct) => Err(construct),
            None => Ok(Pattern { program: self.program, sets: self.sets }),
        })
    }

    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let character = characters.next();
        self.rest = characters.as_str();
        character
    }

    fn eat(&mut self, prefix: &str) -> bool {
        let after = self.rest.strip_prefix(prefix);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// What stands before a delimiter, which is passed over.
    fn until(&mut self, delimiter: char) -> Option<&'p str> {
        let (before, after) = self.rest.split_once(delimiter)?;
        self.rest = after;
        Some(before)
    }

    fn digits(&mut self) -> Option<usize> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        // A number that no integer holds is as good as the largest.
        if digits.is_empty() { None } else { Some(count(digits.as_bytes()).unwrap_or(usize::MAX)) }
    }

    fn hex(&mut self, length: usize) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(length)?;
        let value = hex(digits)?;
        self.rest = rest;
        Some(value)
    }

    fn refuse(&mut self, construct: &str) {
        self.unsupported.get_or_insert_with(|| construct.to_owned());
    }

    /// From the first unsupported construct on only the syntax matters.
    fn emit(&mut self, instruction: Instruction) {
        if self.program.len() >= MAX_INSTRUCTIONS {
            self.refuse("the pattern is too large");
        }
        if self.unsupported.is_none() {
            self.program.push(instruction);
        }
    }

    /// Something that a quantifier may follow.
    fn atom(&mut self, instruction: Instruction) {
        self.last = Some(self.program.len());
        self.emit(instruction);
    }

    /// Something that no quantifier may follow.
    fn assertion(&mut self, assertion: Assertion) {
        self.last = None;
        self.emit(Instruction::Assert(assertion));
    }

    fn set(&mut self, ranges: Ranges) {
        self.atom(Instruction::Set(self.sets.len()));
        if self.unsupported.is_none() {
            self.sets.push(Set::new(ranges));
        }
    }

    fn alternative(&mut self) {
        self.last = None;
        if self.unsupported.is_some() {
            return;
        }
        // Past this fork, the alternative and its jump to the end.
        let past = distance(self.group.alternative, self.program.len()).saturating_add(2);
        self.program.insert(self.group.alternative, Instruction::Fork(past));
        self.group.ends.push(self.program.len());
        self.emit(Instruction::Jump(0));
        self.group.alternative = self.program.len();
    }

    fn end_alternatives(&mut self) {
        let end = self.program.len();
        for at in std::mem::take(&mut self.group.ends) {
            if let Some(jump) = self.program.get_mut(at) {
                *jump = Instruction::Jump(distance(at, end));
            }
        }
    }

    /// Nothing asks where a group matched, so none captures.
    fn open(&mut self) -> Result<(), String> {
        let mut is_assertion = false;
        if ["?=", "?!", "?<=", "?<!"].iter().any(|prefix| self.eat(prefix)) {
            is_assertion = true;
            self.refuse("look-ahead and look-behind are not supported");
        } else if self.eat("?<") {
            let name =
                self.until('>').filter(|name| is_name(name)).ok_or("the name of a group is malformed")?;
            if self.names.contains(&name) {
                return Err("two groups have the same name".into());
            }
            if self.names.len() < MAX_NAMES {
                self.names.push(name);
            } else {
                self.refuse("so many named groups are not supported");
            }
            self.captures = self.captures.saturating_add(1);
        } else if !self.eat("?:") {
            if self.rest.starts_with('?') {
                return Err("a group begins with `(`, `(?:` or `(?<name>`".into());
            }
            self.captures = self.captures.saturating_add(1);
        }
        if self.outer.len() >= MAX_NESTING {
            self.refuse("groups are nested too deeply");
        }
        self.last = None;
        let start = self.program.len();
        let group = Group { start, alternative: start, ends: Vec::new(), is_assertion };
        self.outer.push(std::mem::replace(&mut self.group, group));
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let outer = self.outer.pop().ok_or("`)` closes nothing")?;
        self.end_alternatives();
        let group = std::mem::replace(&mut self.group, outer);
        self.last = if group.is_assertion { None } else { Some(group.start) };
        Ok(())
    }

    fn counted(&mut self) -> Result<(), String> {
        let malformed = "`{` begins no repetition; escape it as `\\{`";
        let min = self.digits().ok_or(malformed)?;
        let max = if self.eat(",") { self.digits() } else { Some(min) };
        if !self.eat("}") {
            return Err(malformed.into());
        }
        if max.is_some_and(|max| max < min) {
            return Err("the numbers of a repetition are out of order".into());
        }
        self.repeat('{', min, max)
    }

    fn repeat(&mut self, sign: char, min: usize, max: Option<usize>) -> Result<(), String> {
        let start = self.last.take().ok_or_else(|| format!("there is nothing to repeat before `{sign}`"))?;
        // Whether it is lazy changes where a match ends, and not whether there is one.
        self.eat("?");
        if self.unsupported.is_some() {
            return Ok(());
        }
        let piece = self.program.get(start..).unwrap_or_default().to_vec();
        self.program.truncate(start);
        let times = max.unwrap_or(min).max(1);
        if piece.len().saturating_add(1).saturating_mul(times) > MAX_INSTRUCTIONS {
            self.refuse("the pattern is too large");
            return Ok(());
        }
        let length = distance(0, piece.len());
        for _ in 0..min {
            self.program.extend(&piece);
        }
        match max {
            None if min > 0 => self.emit(Instruction::Fork(length.saturating_neg())),
            None => {
                self.emit(Instruction::Fork(length.saturating_add(2)));
                self.program.extend(&piece);
                self.emit(Instruction::Jump(length.saturating_add(1).saturating_neg()));
            }
            Some(max) => {
                let optional = max.saturating_sub(min);
                let length = piece.len().saturating_add(1);
                for left in (1..=optional).rev() {
                    self.emit(Instruction::Fork(distance(0, length.saturating_mul(left))));
                    self.program.extend(&piece);
                }
            }
        }
        Ok(())
    }

    fn class(&mut self) -> Result<(), String> {
        let is_negated = self.eat("^");
        let mut ranges = Ranges::default();
        while !self.eat("]") {
            let first = self.class_atom()?;
            if self.rest.starts_with('-') && !self.rest.starts_with("-]") {
                self.next();
                let (Escape::Point(first), Escape::Point(last)) = (first, self.class_atom()?) else {
                    return Err("a range in brackets begins and ends with a character".into());
                };
                if first > last {
                    return Err("the ends of a range in brackets are out of order".into());
                }
                ranges.add((first, last));
                continue;
            }
            match first {
                Escape::Point(point) => ranges.add((point, point)),
                Escape::Set(set) => ranges.extend(&set),
                Escape::Assertion(_) => {}
                Escape::Unsupported(construct) => self.refuse(construct),
            }
            if ranges.is_full() {
                self.refuse("there is too much between brackets");
                ranges = Ranges::default();
            }
        }
        self.set(if is_negated { ranges.complement() } else { ranges });
        Ok(())
    }

    fn class_atom(&mut self) -> Result<Escape, String> {
        match self.next().ok_or("`[` is not closed")? {
            '\\' => self.escape(true),
            character => Ok(Escape::Point(character.into())),
        }
    }

    fn escape(&mut self, in_class: bool) -> Result<Escape, String> {
        let from = self.rest;
        let character = self.next().ok_or("the pattern ends with `\\`")?;
        Ok(match character {
            'd' => Escape::Set(Ranges::from(DIGIT)),
            'D' => Escape::Set(Ranges::from(DIGIT).complement()),
            'w' => Escape::Set(Ranges::from(WORD)),
            'W' => Escape::Set(Ranges::from(WORD).complement()),
            's' => Escape::Set(Ranges::from(SPACE)),
            'S' => Escape::Set(Ranges::from(SPACE).complement()),
            'b' if in_class => Escape::Point(0x08),
            'b' => Escape::Assertion(Assertion::WordBoundary),
            'B' if !in_class => Escape::Assertion(Assertion::NoWordBoundary),
            'f' => Escape::Point(0x0C),
            'n' => Escape::Point(0x0A),
            'r' => Escape::Point(0x0D),
            't' => Escape::Point(0x09),
            'v' => Escape::Point(0x0B),
            '0' if !self.rest.starts_with(|c: char| c.is_ascii_digit()) => Escape::Point(0),
            '1'..='9' | 'k' if !in_class => {
                self.rest = from;
                self.back_reference()?;
                Escape::Unsupported("back references are not supported")
            }
            'c' => match self.next().filter(char::is_ascii_alphabetic) {
                Some(letter) => Escape::Point(u32::from(letter) & 0x1F),
                None => return Err("`\\c` is followed by a letter".into()),
            },
            'x' => Escape::Point(self.hex(2).ok_or("`\\x` is followed by two hexadecimal digits")?),
            'u' => Escape::Point(self.unicode().ok_or("an escape `\\u` is malformed")?),
            'p' | 'P' => {
                let is_named = self.eat("{") && self.until('}').is_some_and(is_property);
                if !is_named {
                    return Err(format!("`\\{character}` is followed by a property in braces"));
                }
                Escape::Unsupported("Unicode properties (`\\p{…}`) are not supported; list the ranges")
            }
            mark if mark.is_ascii_punctuation() || mark == ' ' => Escape::Point(mark.into()),
            _ => return Err(format!("`\\{character}` is no escape of ECMA-262")),
        })
    }

    /// Remembers where it leads, since one that leads nowhere is a mistake of syntax.
    fn back_reference(&mut self) -> Result<(), String> {
        if self.eat("k") {
            let name = if self.eat("<") { self.until('>') } else { None };
            self.referenced.push(name.ok_or("`\\k` is followed by the name of a group")?);
        } else {
            self.highest_reference = self.highest_reference.max(self.digits().unwrap_or(0));
        }
        Ok(())
    }

    /// What follows `\u`.
    fn unicode(&mut self) -> Option<u32> {
        if self.eat("{") {
            return self.until('}').and_then(hex).filter(|&point| point <= LAST);
        }
        let first = self.hex(4)?;
        let after_first = self.rest;
        if (0xD800..0xDC00).contains(&first) && self.eat("\\u") {
            if let Some(second @ 0xDC00..0xE000) = self.hex(4) {
                let high = (first & 0x3FF) << 10;
                return Some((high | (second & 0x3FF)).saturating_add(0x1_0000));
            }
            self.rest = after_first;
        }
        Some(first)
    }
}

/// From one place of a program to another. Both are far below the largest number.
fn distance(from: usize, to: usize) -> isize {
    to.wrapping_sub(from).cast_signed()
}

/// Of any length, at least one digit.
fn hex(digits: &str) -> Option<u32> {
    let significant = digits.trim_start_matches('0');
    if digits.is_empty() || significant.len() > 8 {
        return None;
    }
    significant.chars().try_fold(0_u32, |value, digit| Some((value << 4) | digit.to_digit(16)?))
}

fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii();
    name.starts_with(|c: char| !c.is_ascii_digit()) && name.chars().all(is_part)
}

fn is_property(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'=')) && !name.is_empty()
}
