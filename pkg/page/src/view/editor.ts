// A text editor, in a shadow root: there its styles are style sheets made by script, which the Content-Security-Policy
// needs no exception for.

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, type Extension, type Text } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  MatchDecorator,
  placeholder,
  ViewPlugin,
  type DecorationSet,
  type ViewUpdate,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { offsetOf, placeMarks, showPlaces, type Place } from "./marks.js";

export interface Settings {
  readonly parent: HTMLElement;
  readonly label: string;
  readonly placeholder: string;
  readonly language: "json" | "headers";
  readonly onChange: () => void;
  /** Takes a pasted text instead of the editor; says whether it did. */
  readonly onPaste?: (text: string) => boolean;
}

export class Editor {
  readonly #view: EditorView;
  #doc: Text;

  constructor({ parent, label, placeholder: hint, language, onChange, onPaste }: Settings) {
    const root = parent.attachShadow({ mode: "open" });
    const extensions: Extension[] = [
      // Only a line feed ends a line, so that a carriage return is kept, and seen.
      EditorState.lineSeparator.of("\n"),
      lineNumbers(),
      history(),
      drawSelection(),
      highlightSpecialChars({ addSpecialChars: /[\u200c\u200d\u2000-\u200a\u00a0]/g }),
      highlightActiveLine(),
      EditorView.lineWrapping,
      // Escape first, then Tab leaves the editor; Tab alone leaves it, too, since it is not bound.
      keymap.of([...defaultKeymap, ...historyKeymap]),
      placeholder(hint),
      EditorView.contentAttributes.of({
        "aria-label": label,
        tabindex: "0",
        spellcheck: "false",
        autocapitalize: "off",
        autocorrect: "off",
        translate: "no",
      }),
      EditorView.domEventHandlers({
        paste: (event) => onPaste?.(event.clipboardData?.getData("text/plain") ?? "") ?? false,
      }),
      theme,
      placeMarks,
      language === "json" ? jsonLanguage() : headerNames,
    ];
    const state = EditorState.create({ extensions });
    this.#doc = state.doc;
    this.#view = new EditorView({
      parent: root,
      root,
      state,
      dispatchTransactions: (transactions, view) => {
        const last = transactions.at(-1);
        const changed = transactions.some(({ docChanged }) => docChanged);
        // Before it is drawn, so that a large text is judged meanwhile.
        if (changed && last !== undefined) {
          this.#doc = last.newDoc;
          onChange();
        }
        view.update(transactions);
      },
    });
  }

  get text(): string {
    return this.#doc.sliceString(0, this.#doc.length, "\n");
  }

  /** Another object after every change. */
  get content(): object {
    return this.#doc;
  }

  get isEmpty(): boolean {
    return this.#doc.length === 0;
  }

  /** Whether what is pasted would be all that there is. */
  get isReplaced(): boolean {
    const { doc, selection } = this.#view.state;
    return selection.main.to - selection.main.from === doc.length;
  }

  set text(text: string) {
    const { state } = this.#view;
    this.#view.dispatch({
      changes: { from: 0, to: state.doc.length, insert: state.toText(text) },
      selection: { anchor: 0 },
    });
    this.#view.scrollDOM.scrollTop = 0;
  }

  show(places: readonly Place[]): void {
    showPlaces(this.#view, places);
  }

  /** Goes to a place, as a click on it in the list does. */
  reveal(place: Pick<Place, "line" | "column">): void {
    const anchor = offsetOf(this.#view.state.doc, place);
    this.#view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    this.#view.focus();
  }

  focus(): void {
    this.#view.focus();
  }
}

/** How much must be put in at once for its colours to come later. */
const LARGE = 20_000;
const COLOURED_AFTER = 250;

/**
 * JSON in colours. The editor would parse a large text for 20 ms before it draws it; the verdict comes first, and the
 * colours a moment later.
 */
function jsonLanguage(): Extension {
  const language = new Compartment();
  const on = [json(), bracketMatching(), syntaxHighlighting(colours)];
  let timer: ReturnType<typeof setTimeout> | undefined;
  return [
    language.of(on),
    EditorState.transactionExtender.of(({ changes, docChanged }) => {
      let inserted = 0;
      if (docChanged) changes.iterChanges((_from, _to, start, end) => (inserted += end - start));
      return inserted > LARGE ? { effects: language.reconfigure([]) } : null;
    }),
    ViewPlugin.define((view) => ({
      update({ state }) {
        clearTimeout(timer);
        const isOff = (language.get(state) as readonly Extension[]).length === 0;
        if (isOff) timer = setTimeout(() => view.dispatch({ effects: language.reconfigure(on) }), COLOURED_AFTER);
      },
      destroy: () => clearTimeout(timer),
    })),
  ];
}

const headerName = Decoration.mark({ class: "hw-name" });
const names = new MatchDecorator({
  regexp: /^[ \t>]*["']?:?([!#$%&'*+.^_`|~0-9A-Za-z-]+)["']?(?=:|\t)/g,
  decoration: headerName,
});

const headerNames = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = names.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = names.updateDeco(update, this.decorations);
    }
  },
  { decorations: ({ decorations }) => decorations },
);

// Not the punctuation: each piece with a colour of its own is an element, and a body may be one line of many KB.
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: [tags.bool, tags.null], color: "var(--code-word)" },
]);

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "transparent", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px", borderRadius: "var(--radius)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", overflow: "auto" },
  ".cm-content": { padding: "0.6rem 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 0.9rem 0 0.5rem", overflowWrap: "anywhere" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--faint)", border: "none", paddingLeft: "0.25rem" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.2em", padding: "0 0.4rem 0 0" },
  ".cm-activeLine": { backgroundColor: "var(--line-active)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-placeholder": { color: "var(--muted)", whiteSpace: "pre-wrap" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--selection)", outline: "none" },
  ".cm-specialChar": { color: "var(--warn)", fontSize: "0.9em" },
  ".hw-name": { color: "var(--code-key)", fontWeight: "600" },
  ".hw-place": {
    backgroundColor: "var(--fail-soft)",
    textDecoration: "underline wavy var(--fail) 1px",
    textUnderlineOffset: "3px",
    borderRadius: "2px",
  },
  ".hw-mark": { color: "var(--fail)", fontWeight: "700", cursor: "pointer" },
  ".hw-marks": { width: "1em" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--text)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius)",
    padding: "0.35rem 0.6rem",
    maxWidth: "28rem",
    fontFamily: "var(--sans)",
    fontSize: "0.85rem",
    boxShadow: "var(--shadow)",
  },
});

export type { Place };
