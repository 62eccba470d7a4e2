/**
 * Where a built file is: a worker's JavaScript, a compiled kernel. They are loaded from `dist/`, never from source;
 * under the test runner `import.meta.url` names the source, so the path is moved to `dist/`.
 *
 * @param from the caller's `import.meta.url`.
 * @param name the file's name, in the caller's folder.
 */
export function builtUrl(from: string, name: string): URL {
  const url = new URL(`./${name}`, from);
  if (!from.endsWith(".ts")) return url;
  const root = new URL("../", import.meta.url).href;
  return new URL(`dist/${url.href.slice(root.length)}`, root);
}
