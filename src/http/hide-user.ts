/** An address as messages may show it: user name and password stay hidden, however they are written. */
export function hideUser(address: string): string {
  return address.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, "$1…@");
}
