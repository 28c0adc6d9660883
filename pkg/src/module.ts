/** A `WebAssembly.Module` or its bytes: so named that the declarations need no types of the web platform. */
type Source = () => object;

let source: Source | undefined;

/** Says where the core's module comes from. The first entry that is loaded decides. */
export function provideModule(from: Source): void {
  source ??= from;
}

export function moduleSource(): Source | undefined {
  return source;
}
