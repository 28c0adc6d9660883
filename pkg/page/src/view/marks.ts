// Places in an editor where something is wrong: underlined, with a mark in the gutter and the reason on hover.

import { RangeSet, StateEffect, StateField, type Text } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker, hoverTooltip, type DecorationSet } from "@codemirror/view";

export interface Place {
  /** Counted from 1. */
  readonly line: number;
  /** In characters, counted from 1. */
  readonly column: number;
  readonly message: string;
}

interface Shown {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

interface Marks {
  readonly shown: readonly Shown[];
  readonly underlines: DecorationSet;
  readonly gutter: RangeSet<GutterMarker>;
}

class Mark extends GutterMarker {
  readonly #message: string;

  constructor(message: string) {
    super();
    this.#message = message;
  }

  override eq(other: Mark): boolean {
    return other.#message === this.#message;
  }

  override toDOM(): Node {
    const mark = document.createElement("span");
    mark.className = "hw-mark";
    mark.textContent = "●";
    mark.title = this.#message;
    return mark;
  }
}

const NONE: Marks = { shown: [], underlines: Decoration.none, gutter: RangeSet.empty };
const setMarks = StateEffect.define<Marks>();

const field = StateField.define<Marks>({
  create: () => NONE,
  update(marks, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return effect.value;
    if (!transaction.docChanged) return marks;
    // Until the next verdict, the marks stay with their text.
    const { changes } = transaction;
    return {
      shown: marks.shown.map(({ from, to, message }) => ({
        from: changes.mapPos(from),
        to: changes.mapPos(to),
        message,
      })),
      underlines: marks.underlines.map(changes),
      gutter: marks.gutter.map(changes),
    };
  },
  provide: (marks) => EditorView.decorations.from(marks, ({ underlines }) => underlines),
});

export const placeMarks = [
  field,
  gutter({ class: "hw-marks", markers: (view) => view.state.field(field).gutter }),
  hoverTooltip((view, at) => {
    const found = view.state.field(field).shown.find(({ from, to }) => from <= at && at <= to);
    if (found === undefined) return null;
    return {
      pos: found.from,
      end: found.to,
      create() {
        const dom = document.createElement("div");
        dom.textContent = found.message;
        return { dom };
      },
    };
  }),
];

export function showPlaces(view: EditorView, places: readonly Place[]): void {
  if (places.length === 0 && view.state.field(field).shown.length === 0) return;
  const { doc } = view.state;
  const shown = places.map(({ message, ...place }) => {
    const from = offsetOf(doc, place);
    return { from, to: endOf(doc, from), message };
  });
  shown.sort((one, other) => one.from - other.from);
  const underlines = shown.filter(({ from, to }) => to > from);
  const lines = new Map(shown.map(({ from, message }) => [doc.lineAt(from).from, message]));
  const marks: Marks = {
    shown,
    underlines: Decoration.set(
      underlines.map(({ from, to }) => Decoration.mark({ class: "hw-place" }).range(from, to)),
      true,
    ),
    gutter: RangeSet.of(
      [...lines].map(([from, message]) => new Mark(message).range(from)),
      true,
    ),
  };
  view.dispatch({ effects: setMarks.of(marks) });
}

/** Columns are counted in characters, offsets in UTF-16. */
export function offsetOf(doc: Text, { line, column }: Pick<Place, "line" | "column">): number {
  if (line > doc.lines) return doc.length;
  const { from, text } = doc.line(Math.max(1, line));
  let at = 0;
  for (let left = column - 1; left > 0 && at < text.length; left -= 1) {
    at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  }
  return from + at;
}

const TOKEN = /^(?:"(?:[^"\\]|\\.)*"?|[^\s,:{}[\]"]+|.)/su;

/** The value that begins here, as far as it is one token. */
function endOf(doc: Text, from: number): number {
  const text = doc.sliceString(from, Math.min(doc.lineAt(from).to, from + 200));
  return from + (TOKEN.exec(text)?.[0].length ?? 0);
}
