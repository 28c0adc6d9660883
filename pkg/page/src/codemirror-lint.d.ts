// The types of @codemirror/lang-json name one of @codemirror/lint, which it does not depend on and the page does not use.

declare module "@codemirror/lint" {
  export type Diagnostic = unknown;
}
