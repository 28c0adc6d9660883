// What is known of the providers that come with the package, as `scripts/page.mjs` takes it from providers/.

import { catalogue } from "catalogue";

export interface SchemeFacts {
  readonly name: string;
  readonly algorithm: string;
  readonly grammar?: string;
  readonly prefix?: string;
  readonly prefix_optional?: boolean;
  readonly label?: string;
  readonly timestamp_label?: string;
  readonly encoding?: string;
  readonly signed_content?: string;
  /** The query parameter in which the signed URL has a digest of the body. */
  readonly body_digest?: { readonly query: string; readonly hash?: string; readonly encoding?: string };
  readonly url_unescape?: string;
  readonly secret?: string;
  readonly timestamp_format?: string;
  readonly preferred?: boolean;
  readonly timestamp_pointer?: string;
  readonly tolerance_seconds?: number;
  readonly headers: readonly HeaderFamily[];
}

/** The headers of a signature; what a definition names beyond these is left alone. */
export interface HeaderFamily {
  readonly signature?: string;
  readonly id?: string;
  readonly timestamp?: string;
}

export interface ProviderFacts {
  readonly name: string;
  readonly title: string;
  readonly docs: string;
  readonly credentials: readonly string[];
  /** JSON Pointers to the event type. */
  readonly eventType: readonly string[];
  /** The header that names the event type, where the body does not. */
  readonly eventTypeHeader?: string;
  /** `form`: a body that is no JSON is read as a form. */
  readonly payload?: string;
  readonly events: readonly string[];
  readonly schemes: readonly SchemeFacts[];
}

export const providers: readonly ProviderFacts[] = catalogue;

export function providerOf(name: string | undefined): ProviderFacts | undefined {
  return providers.find((provider) => provider.name === name);
}

/** The scheme of this name; without one, the only or the preferred one. */
export function schemeOf(provider: ProviderFacts | undefined, name: string | undefined): SchemeFacts | undefined {
  const { schemes = [] } = provider ?? {};
  return name === undefined
    ? schemes.length === 1 || schemes[0]?.preferred
      ? schemes[0]
      : undefined
    : schemes.find((one) => one.name === name);
}

/** All headers that the schemes read, in lower case. */
export function headersOf(schemes: readonly SchemeFacts[]): string[] {
  return schemes.flatMap((scheme) => scheme.headers.flatMap((family) => Object.values(family).map(lower)));
}

const lower = (text: unknown): string => String(text).toLowerCase();

/** Whether the signature covers the URL, or the method. */
export const signs = (scheme: SchemeFacts | undefined, field: "url" | "method"): boolean =>
  scheme?.signed_content?.includes(`{${field}}`) === true;

/** The schemes in which the secret itself is in a header. */
export const isToken = (scheme: SchemeFacts): boolean => scheme.algorithm === "static-token";
