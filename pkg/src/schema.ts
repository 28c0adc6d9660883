import { bytesOf, type BodyInput } from "./body.js";
import type { Code } from "./failure.js";
import { checkNames, entries, word, wrong } from "./options.js";
import { Pool } from "./pool.js";
import type { Violation } from "./verdict.js";
import { call } from "./wasm.js";

/** A JSON Schema of draft 2020-12 or draft 7: an object or a boolean, or its text. */
export type JsonSchema = object | boolean | string;

/** How a schema is compiled. */
export interface SchemaOptions {
  /** Schemas that references may lead to, by their URI. Nothing is ever fetched. */
  readonly resources?: Readonly<Record<string, JsonSchema>> | undefined;
  /** The draft of schemas without `$schema`; `2020-12` by default. */
  readonly defaultDialect?: "2020-12" | "7" | undefined;
  /** Whether `format` is checked (`assert`) or only read by people (`annotate`, the default, as the specification has it). */
  readonly formats?: "annotate" | "assert" | undefined;
  /** Whether an unknown keyword is an error (`refuse`, the default) or passed over (`annotate`). */
  readonly unknownKeywords?: "annotate" | "refuse" | undefined;
}

/** What a schema says of a text. */
export interface SchemaResult {
  readonly valid: boolean;
  /** `null` where it is valid. All but `schema_violation` say that the text cannot be judged. */
  readonly code: SchemaCode | null;
  /** What exactly is wrong, where there is more to say. */
  readonly detail?: string;
  /** At most 16 places, in the order of the text. */
  readonly violations: readonly Violation[];
}

/** What can be wrong with a text. */
export type SchemaCode = Extract<
  Code,
  "payload_not_json" | "payload_too_deep" | "duplicate_key" | "schema_violation" | "schema_too_complex"
>;

/** A schema that is ready to judge. */
export interface CompiledSchema {
  /**
   * Judges a JSON text: bytes, or a string that is taken as UTF-8. With `values`, each violation holds the beginning of
   * the value at fault; do not log it where the text is somebody's data.
   */
  validate(body: BodyInput, options?: { readonly values?: boolean | undefined }): SchemaResult;
}

/**
 * Compiles a JSON Schema.
 *
 * ```js
 * const schema = compileSchema({ type: "object", required: ["id"] });
 * const { valid, violations } = schema.validate(bytes);
 * ```
 *
 * @throws {HookwardenError} with the code `schema_invalid` for a schema that cannot be honoured whole.
 */
export function compileSchema(schema: JsonSchema, options: SchemaOptions = {}): CompiledSchema {
  const given = checkNames(options, ["resources", "defaultDialect", "formats", "unknownKeywords"]);
  const settings = JSON.stringify({
    resources: entries(given, "resources", (resources, uri) => textOf(resources[uri])),
    default_dialect: word(given, "defaultDialect", ["2020-12", "7"]),
    formats: word(given, "formats", ["annotate", "assert"]),
    unknown_keywords: word(given, "unknownKeywords", ["annotate", "refuse"]),
  });
  const key = JSON.stringify([textOf(schema), settings]);
  pool.get(key);
  return {
    validate(body, options) {
      const bytes = bytesOf(body);
      const handle = pool.get(key);
      const found = call(() => handle.validate(bytes, options?.values), bytes.length);
      if (found === undefined) return { valid: true, code: null, violations: [] };
      return { valid: false, ...(JSON.parse(found) as Omit<SchemaResult, "valid">) };
    },
  };
}

const pool = new Pool((key) => {
  const [schema, settings] = JSON.parse(key) as [string, string];
  return call((core) => new core.Schema(bytesOf(schema), settings));
});

function textOf(given: unknown): string {
  const schema = schemaOf(given);
  return typeof schema === "string" ? schema : JSON.stringify(schema);
}

export function schemaOf(schema: unknown): JsonSchema {
  if (typeof schema === "string" || typeof schema === "boolean") return schema;
  if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return schema;
  throw wrong("a schema must be an object, a boolean, or its text");
}
