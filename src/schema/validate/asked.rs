//! What shapes do not say: the answers of a validator that judges single values.

use super::{Role, Validator};
use crate::json::{Ask, Literal, Number, Reader, ShapeId, SyntaxError, Text, Visitor, walk_value};
use crate::schema::node::Program;
use crate::schema::outline::Outline;

/// Made when it is first asked.
pub(super) struct Asked<'s, 'p> {
    program: &'s Program,
    outline: &'s Outline,
    payload: &'p [u8],
    validator: Option<Validator<'s, 'p>>,
}

impl<'s, 'p> Asked<'s, 'p> {
    pub(super) fn new(program: &'s Program, outline: &'s Outline, payload: &'p [u8]) -> Self {
        Self { program, outline, payload, validator: None }
    }

    /// Whether the nodes of a shape find nothing wrong with a value.
    fn judge<E>(
        &mut self,
        shape: ShapeId,
        read: impl FnOnce(&mut Validator<'s, 'p>) -> Result<(), E>,
    ) -> Result<bool, E> {
        let validator = self.validator.get_or_insert_with(|| {
            let mut validator = Validator::new(self.program, self.payload);
            // Stands for whoever asks.
            validator.evaluations.activate_nothing();
            validator.expect();
            validator
        });
        for &node in self.outline.nodes(shape) {
            validator.apply(0, node, Role::Must);
        }
        read(validator)?;
        Ok(!validator.evaluations.take_failed(0) && !validator.is_too_complex())
    }

    fn judge_token(&mut self, shape: ShapeId, tell: impl FnOnce(&mut Validator<'s, 'p>)) -> bool {
        let judged: Result<bool, std::convert::Infallible> = self.judge(shape, |validator| {
            tell(validator);
            Ok(())
        });
        judged.unwrap_or(false)
    }
}

impl<'p> Ask<'p> for Asked<'_, 'p> {
    fn number(&mut self, shape: ShapeId, number: Number<'p>) -> bool {
        self.judge_token(shape, |validator| validator.number(number))
    }

    fn string(&mut self, shape: ShapeId, text: Text<'p>) -> bool {
        self.judge_token(shape, |validator| validator.string(text))
    }

    fn literal(&mut self, shape: ShapeId, literal: Literal, at: usize) -> bool {
        self.judge_token(shape, |validator| validator.literal(literal, at))
    }

    fn value(&mut self, shape: ShapeId, reader: &mut Reader<'p>) -> Result<bool, SyntaxError> {
        self.judge(shape, |validator| walk_value(reader, validator))
    }
}
