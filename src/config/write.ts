import { Document, isMap, isScalar, type Pair, type Scalar, type YAMLMap } from "yaml";
import type { z } from "zod";
import { type Config, ConfigSchema } from "./schema.js";

/** The `describe` text of a key, looked for through the wrappers (`default`, `nullable`). */
function descriptionOf(schema: z.ZodType): string | undefined {
  return schema.description;
}

function comment(map: YAMLMap, shape: Record<string, z.ZodType>): void {
  for (const pair of map.items as Pair<Scalar, unknown>[]) {
    const schema = shape[String(pair.key.value)];
    const text = schema === undefined ? undefined : descriptionOf(schema);
    if (text !== undefined && isScalar(pair.key)) pair.key.commentBefore = ` ${text}`;
  }
}

/** The group schemas by key, unwrapped from their defaults. */
function groups(): Record<string, Record<string, z.ZodType>> {
  const found: Record<string, Record<string, z.ZodType>> = {};
  for (const [key, schema] of Object.entries(ConfigSchema.shape)) {
    if ("innerType" in schema.def && "shape" in schema.def.innerType) {
      found[key] = schema.def.innerType.shape as Record<string, z.ZodType>;
    }
  }
  return found;
}

/** A project file; with `comments`, every key is explained. Same configuration, same bytes. */
export function writeConfig(config: Config, { comments }: { readonly comments: boolean }): string {
  const document = new Document(config);
  if (comments && isMap(document.contents)) {
    const root = document.contents as YAMLMap;
    comment(root, ConfigSchema.shape);
    const shapes = groups();
    for (const pair of root.items as Pair<Scalar, unknown>[]) {
      const shape = shapes[String(pair.key.value)];
      if (shape !== undefined && isMap(pair.value)) comment(pair.value as YAMLMap, shape);
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
