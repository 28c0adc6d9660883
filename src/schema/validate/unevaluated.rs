//! `unevaluatedProperties` and `unevaluatedItems`.

use std::borrow::Cow;

use super::{Frame, Validator};

impl<'p> Validator<'_, 'p> {
    /// What nothing else has evaluated must satisfy `unevaluatedProperties` or `unevaluatedItems`.
    pub(super) fn resolve_unevaluated(&mut self, evaluation: usize, frame: &mut Frame<'p>) {
        if !frame.unevaluated.iter().any(|looked_at| looked_at.by == evaluation) {
            return;
        }
        let is_object = !frame.is_array;
        let seen = |at: usize, slot: usize| is_object && self.is_seen(at, slot);
        let contributors = self.evaluations.contributors(evaluation, seen);
        let evaluated = frame.evaluated.get_or_insert_default();
        let mut known = vec![false; frame.count];
        for (by, member) in evaluated.iter() {
            if contributors.contains(by)
                && let Some(known) = known.get_mut(*member)
            {
                *known = true;
            }
        }
        let keyword = if frame.is_array { "unevaluatedItems" } else { "unevaluatedProperties" };
        for looked_at in frame.unevaluated.iter().filter(|looked_at| looked_at.by == evaluation) {
            if known.get(looked_at.member) == Some(&true) {
                continue;
            }
            if !looked_at.failed {
                evaluated.push((evaluation, looked_at.member));
                continue;
            }
            let Some(failing) = self.evaluations.stack.get_mut(evaluation) else { continue };
            failing.failed = true;
            if failing.binding {
                let place = self.evaluations.node(evaluation).map_or("", |node| node.place.as_str());
                let token = looked_at.key.map_or_else(
                    || Cow::Owned(format!("{}", looked_at.member).into_bytes()),
                    |key| key.decode(),
                );
                let message = format_args!("no schema expects it here");
                self.report.add(looked_at.at, keyword, message, place, &self.frames, Some(&token));
            }
        }
    }
}
