/** One word for sh. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** One word for `ExecStart=` of systemd (systemd.service(5), systemd.syntax(7)). */
export function unitWord(text: string): string {
  const escaped = text.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * A template with its places filled in: `@NAME@`, each by its value. A place without a value, or a
 * value without a place, is a bug.
 */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const text = template.replace(/@([A-Z]+)@/g, (_, name: string) => {
    used.add(name);
    const value = values[name];
    if (value === undefined) throw new Error(`no value for @${name}@`);
    return value;
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`no place for ${unused.join(", ")}`);
  return text;
}

/** The words of a line of sh that has plain and single-quoted words only. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|\\'|[^\s'\\])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|\\'/g, (_, quoted: string | undefined) => quoted ?? "'"),
  );
}
