/** Dates as the server writes them: in UTC without a time zone, with microseconds unless they are zero. */
export function naiveDate(ms: number): string {
  const whole = Math.floor(ms);
  const micros = Math.floor((ms - whole) * 1000);
  const text = new Date(whole).toISOString();
  const fraction = text.slice(20, 23) + String(micros).padStart(3, "0");
  return fraction === "000000" ? text.slice(0, 19) : `${text.slice(0, 19)}.${fraction}`;
}
