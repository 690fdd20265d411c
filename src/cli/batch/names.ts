/** Names of the files that a batch saves into DIR. Pure. */

/** Pattern for `saveFiles`; it begins with the line. */
export function patternOf(line: number): string {
  return `${line}-{flow}-{seed}-t{task}-{node}-{index}.{ext}`;
}

/** The last number is there where `saveFiles` found the name taken. */
const NAME = /^\d+-.+-t(\d+)-\d+-\d+(?:-\d+)?\.\w{1,8}$/;

/** The task that a file of a batch comes from; undefined for other files. */
export function taskOfName(name: string): number | undefined {
  const task = NAME.exec(name)?.[1];
  return task === undefined ? undefined : Number(task);
}

/** The name of a file when its line stands elsewhere. */
export function movedName(name: string, line: number): string {
  return name.replace(/^\d+/, String(line));
}
