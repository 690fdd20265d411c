/** Names of the files that a batch saves into DIR. Pure. */

/** Pattern for `saveFiles`; starts with the line number. */
export function patternOf(line: number): string {
  return `${line}-{flow}-{seed}-t{task}-{node}-{index}.{ext}`;
}

/** The last number is present if `saveFiles` found the name taken. */
const NAME = /^\d+-.+-t(\d+)-\d+-\d+(?:-\d+)?\.\w{1,8}$/;

/** The task that a file of a batch belongs to; undefined for other files. */
export function taskOfName(name: string): number | undefined {
  const task = NAME.exec(name)?.[1];
  return task === undefined ? undefined : Number(task);
}

/** The name of a file after its line has moved. */
export function movedName(name: string, line: number): string {
  return name.replace(/^\d+/, String(line));
}
