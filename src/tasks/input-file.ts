/** The parameter that an input file was given for; the server names it `{task id}_{parameter}{extension}`. */
export function parameterOf(fileName: string): string | undefined {
  return /^\d+_(.+?)(\.[^.]*)?$/s.exec(fileName)?.[1];
}
