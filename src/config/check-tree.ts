import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { suggest } from "../../base/nearest.js";
import type { Tree } from "./load.js";

/**
 * Check the keys and values of a file against its schema.
 *
 * @param kind begins the error codes, as in `suite/unknown-key`.
 * @param hint where the file's form is described.
 * @throws {UserError} naming file and key.
 */
export function checkTree<T>(tree: Tree, schema: z.ZodType<T>, path: string, kind: string, hint: string): T {
  const result = schema.safeParse(tree);
  if (result.success) return result.data;
  const { issues } = result.error;
  // A key that is not known may be the missing one, misspelt.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    const full = [...issue.path, key].join(".");
    throw new UserError(
      `${kind}/unknown-key`,
      `${path}: expected a known key but found "${full}"`,
      suggest(key, keysAt(schema, issue.path)),
    );
  }
  const where = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new UserError(`${kind}/value`, `${path}: ${where}${messageOf(issue)}`, hint);
}

/** What is wrong; of a name, what is wrong with the name. */
const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === "invalid_key" ? issue.issues[0]!.message : issue.message;

/** Keys that a schema knows at a path. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const at = path.reduce<z.ZodType | undefined>((inner, part) => {
    const found = inner === undefined ? undefined : unwrapped(inner);
    if (found instanceof z.ZodObject) return found.shape[String(part)] as z.ZodType | undefined;
    return found instanceof z.ZodRecord ? (found.valueType as z.ZodType) : undefined;
  }, schema);
  const found = at === undefined ? undefined : unwrapped(at);
  return found instanceof z.ZodObject ? Object.keys(found.shape) : [];
}

/** Without defaults, and of several forms the one with keys. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional)
    return unwrapped(schema.def.innerType as z.ZodType);
  if (!(schema instanceof z.ZodUnion)) return schema;
  const forms = (schema.options as z.ZodType[]).map(unwrapped);
  return forms.find((form) => form instanceof z.ZodObject) ?? forms[0]!;
}
